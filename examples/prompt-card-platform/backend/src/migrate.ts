// Brings the database up to date. A lock lets only one instance do it at a time.
import { database } from "./stores.js";

const client = await database.connect();
try {
  await client.query("BEGIN");
  await client.query("SELECT pg_advisory_xact_lock(1)");
  await client.query(`CREATE TABLE IF NOT EXISTS cards (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text NOT NULL,
    prompt text NOT NULL,
    created timestamptz NOT NULL DEFAULT now()
  )`);
  await client.query("COMMIT");
} finally {
  client.release();
}
process.exit(0);
