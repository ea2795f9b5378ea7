// Puts the page into the document.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.tsx";
import { createApi } from "./api.ts";

const root = document.getElementById("root");
if (!root) throw new Error("the document has no element with the identifier `root`");
createRoot(root).render(
  <StrictMode>
    <App api={createApi(import.meta.env.VITE_API_URL || "/api")} />
  </StrictMode>,
);
