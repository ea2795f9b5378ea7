import { defineConfig } from "drizzle-kit";

// `pnpm exec drizzle-kit generate` writes the next migration; it is read, committed and applied by a job.
const dialect = process.env.DIALECT === "postgresql" ? "postgresql" : "sqlite";
const folder = dialect === "sqlite" ? "sqlite" : "postgres";

export default defineConfig({ dialect, schema: `./lib/db/${folder}.ts`, out: `./lib/db/migrations/${folder}` });
