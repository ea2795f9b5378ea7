// Where the Prisma tools find the schema and the database; generating the client needs no database.
import { defineConfig } from "prisma/config";

// The tools download the engine of `prisma migrate` before any command. Generating runs in WebAssembly and does
// without it; naming a file that exists keeps `prisma generate` off the network.
if (process.argv.includes("generate")) process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations", seed: "npm run db:seed" },
  datasource: { url: process.env.DATABASE_URL ?? "" },
});
