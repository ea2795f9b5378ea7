// Shows the tables of the database.
import { DatabaseSync } from "node:sqlite";
import { readEnv } from "./env.ts";

const database = new DatabaseSync(readEnv(process.env).database, { readOnly: true });
console.table(database.prepare("SELECT name, sql FROM sqlite_schema").all());
database.close();
