// Starts the API and stops it in order when the container is asked to stop.
import { buildApp } from "./app.ts";
import { connectCache } from "./cache.ts";
import { connectDatabase } from "./database.ts";
import { EnvError, readEnv, type Env } from "./env.ts";
import { Health } from "./health.ts";
import { createLog, reason } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { connectSkills } from "./skills.ts";
import { attachSocket } from "./socket.ts";

const patienceMs = 10_000;

function settings(): Env {
  try {
    return readEnv(process.env);
  } catch (error) {
    const log = createLog("error");
    for (const problem of error instanceof EnvError ? error.problems : [reason(error)]) log.error(problem);
    process.exit(1);
  }
}

const env = settings();
const log = createLog(env.logLevel);
const metrics = createMetrics();
const database = connectDatabase(env.databaseUrl, env.databasePoolSize, metrics);
const cache = connectCache(env.redisUrl, env.redisMaxRetries, metrics, log);
const skills = connectSkills(env.aiServiceUrl);
const health = new Health({ database: database.ping, cache: cache.ping, ai_service: skills.ping }, log);
const app = buildApp({ env, health, metrics, log, cache, database, skills });
const closeSockets = attachSocket(app.server, env.allowedOrigins);

/** Answers what is open, then lets go of the services; whatever hangs longer than our patience is cut off. */
async function stop(signal: string): Promise<void> {
  if (health.stopping) return;
  health.stopping = true;
  log.info("Stopping", { signal });
  setTimeout(() => {
    log.error("Stopping took too long");
    process.exit(1);
  }, patienceMs).unref();
  closeSockets();
  await app.close();
  await Promise.all([database.close(), cache.close()]);
  log.info("Stopped");
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    stop(signal).catch((error: unknown) => {
      log.error("Stopping failed", { reason: reason(error) });
      process.exit(1);
    });
  });
}

try {
  await app.listen({ host: "0.0.0.0", port: env.port });
  log.info("Listening", { port: env.port, mode: env.mode, integrations: env.integrations.join(",") });
} catch (error) {
  log.error("Starting failed", { reason: reason(error) });
  process.exit(1);
}
