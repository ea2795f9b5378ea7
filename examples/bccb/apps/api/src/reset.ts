// Empties the database and builds it again, with examples; for development only.
import pg from "pg";
import { readDatabaseUrl } from "./env.ts";
import { createLog } from "./log.ts";
import { migrate } from "./migrate.ts";
import { seed } from "./seed.ts";

const log = createLog("info");
if (process.env.NODE_ENV === "production") {
  log.error("a production database is not reset: NODE_ENV is production");
  process.exit(1);
}
const url = readDatabaseUrl(process.env);
const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
await client.connect();
await client.query("DROP SCHEMA public CASCADE");
await client.query("CREATE SCHEMA public");
await client.end();
await migrate(url);
log.info("database is empty but for examples", { examples: await seed(url, process.env.REDIS_URL, log) });
