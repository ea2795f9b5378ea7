// Brings the database up to date, before the new version starts.
import { openDatabase } from "./database.ts";
import { readEnv } from "./env.ts";
import { createLog } from "./log.ts";

const env = readEnv(process.env);
const database = openDatabase(env.database);
createLog(env.level)("info", "migrated", { steps: database.migrate(), version: database.version() });
database.close();
