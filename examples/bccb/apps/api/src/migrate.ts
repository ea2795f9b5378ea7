// Brings the database up to date: applies prisma/migrations in order, each once, and records them.
//
// `prisma migrate deploy` does the same with a native engine that it downloads when it starts. The image has a
// read-only file system, no Prisma tools and no way out, so the migrations are applied here. The table and the lock
// are those of Prisma: both ways of applying may be mixed.
import { createHash, randomUUID } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { readDatabaseUrl } from "./env.ts";
import { createLog, reason } from "./log.ts";

const folder = join(import.meta.dirname, "../prisma/migrations");
const lock = 72707369;
const table = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

type Migration = { name: string; sql: string; checksum: string };

/** The migrations of a folder, oldest first. */
export async function readMigrations(from = folder): Promise<Migration[]> {
  const entries = await readdir(from, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.toSorted().map(async (name) => {
      const sql = await readFile(join(from, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

/** The migrations that are still to be applied; an applied one that was edited since is an error. */
export function pending(migrations: Migration[], applied: Map<string, string>): Migration[] {
  return migrations.filter(({ name, checksum }) => {
    const recorded = applied.get(name);
    if (recorded !== undefined && recorded !== checksum) throw new Error(`migration ${name} was edited after it was applied`);
    return recorded === undefined;
  });
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(migration.sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw new Error(`migration ${migration.name} failed: ${reason(error)}`, { cause: error });
  }
}

/** Applies what is missing, one process at a time; gives the names of what it applied. */
export async function migrate(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [lock]);
    await client.query(table);
    const rows = await client.query<{ migration_name: string; checksum: string }>(
      `SELECT migration_name, checksum FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
    );
    const applied = new Map(rows.rows.map((row) => [row.migration_name, row.checksum]));
    const missing = pending(await readMigrations(), applied);
    for (const migration of missing) await apply(client, migration);
    return missing.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) {
  const log = createLog("info");
  try {
    const names = await migrate(readDatabaseUrl(process.env));
    log.info("database is up to date", { applied: names.length, names: names.join(",") });
  } catch (error) {
    log.error("migration failed", { reason: reason(error) });
    process.exitCode = 1;
  }
}
