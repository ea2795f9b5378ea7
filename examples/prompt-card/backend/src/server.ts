// Starts the API, and ends it without cutting off a request.
import { createServer } from "node:http";
import { createApp } from "./app.ts";
import { openCache } from "./cache.ts";
import { openDatabase } from "./database.ts";
import { readEnv } from "./env.ts";
import { createLimit } from "./limit.ts";
import { createLog } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { answers, createAsk } from "./model.ts";

const env = readEnv(process.env);
const log = createLog(env.level);
const database = openDatabase(env.database);
const cache = await openCache(env.redis, env.ttl);
const server = createServer(
  createApp({
    database,
    cache,
    ask: createAsk(env.ollama),
    hasModel: () => answers(`${env.ollama.url}/api/version`, env.healthTimeout),
    limit: createLimit(env.limit),
    metrics: createMetrics(),
    settings: env,
  }),
);
server.listen(env.port, () => log("info", "listening", { port: env.port, mode: env.mode }));

function stop(signal: string) {
  log("info", "stopping", { signal });
  server.close(async () => {
    await cache.close();
    database.close();
    process.exit(0);
  });
  server.closeIdleConnections();
}
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
