// Saves the database: before a release, every night, and when somebody asks.
import { existsSync } from "node:fs";
import { save } from "./copy.ts";
import { readEnv } from "./env.ts";
import { createLog } from "./log.ts";

const env = readEnv(process.env);
const log = createLog(env.level);
if (existsSync(env.database)) log("info", "saved", { file: await save(env.database, env.backups) });
else log("info", "nothing to save yet");
