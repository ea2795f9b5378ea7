// Brings the database up to date, each step once and in one transaction.
import pg from "pg";
import { logger } from "./log.js";
import { settings } from "./settings.js";

const STEPS = ["create table prompts (id uuid primary key, title text not null, body bytea not null, created timestamptz not null default now())"];

const read = settings();
const log = logger(read.level);
const client = new pg.Client({ connectionString: read.databaseUrl });
await client.connect();
await client.query("create table if not exists migrations (step integer primary key)");
await client.query("begin");
await client.query("lock table migrations");
const { rows } = await client.query("select count(*)::int as done from migrations");
for (const [step, sql] of STEPS.entries()) {
  if (step < rows[0].done) continue;
  await client.query(sql);
  await client.query("insert into migrations values ($1)", [step]);
  log.info("migrated", { step });
}
await client.query("commit");
await client.end();
