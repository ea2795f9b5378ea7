import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  // Prepared packages go where a read-only container may write.
  cacheDir: join(tmpdir(), `promptlib-vite-${process.getuid?.() ?? 0}`),
  build: { outDir: "../dist/web", emptyOutDir: true, target: "es2022" },
  server: { port: 5173, strictPort: true },
});
