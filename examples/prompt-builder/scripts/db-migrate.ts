// Brings the database up to date, before the program that needs it starts.
import { store } from "../lib/db/store.ts";

const database = await store();
await database.migrate(process.env.MIGRATIONS ?? "lib/db/migrations");
await database.close();
console.log(JSON.stringify({ level: "info", message: "the database is up to date" }));
