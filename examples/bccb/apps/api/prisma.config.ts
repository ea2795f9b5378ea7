// Where the Prisma tools find the schema and the database; generating the client needs no database.
import { defineConfig } from "prisma/config";

// The tools download the engine of `prisma migrate` before any command. These two do without it, and naming a file
// that exists keeps them off the network.
const withoutEngine = ["generate", "studio"];
if (withoutEngine.includes(process.argv[2] ?? "")) process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations", seed: "npm run db:seed" },
  datasource: { url: process.env.DATABASE_URL ?? "" },
});
