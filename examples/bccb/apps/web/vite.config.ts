// How the page is built, served for development and tested.
import react from "@vitejs/plugin-react";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  // Prepared packages go where a read-only container may write; each user has a folder.
  cacheDir: join(tmpdir(), `bccb-web-vite-${process.getuid?.() ?? 0}`),
  server: {
    strictPort: true,
    // Without a proxy in front, the page still finds the API below its own address.
    proxy: { "/api": { target: process.env.DEV_API_URL ?? "http://localhost:3000", ws: true } },
  },
  test: {
    include: ["test/*.test.ts"],
    coverage: { include: ["src/**"], reporter: ["text-summary", "lcov"] },
  },
});
