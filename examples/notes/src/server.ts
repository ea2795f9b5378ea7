// Starts the notes and stops them in order when the container is asked to stop.
import { createApp } from "./app.ts";
import { openNotes } from "./database.ts";

const url = process.env.DATABASE_URL;
if (!url) {
  console.error("DATABASE_URL is missing");
  process.exit(1);
}
const notes = await openNotes(url);
const server = createApp(notes).listen(3000, "0.0.0.0");

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    server.close(() => void notes.close());
    server.closeIdleConnections();
  });
}
