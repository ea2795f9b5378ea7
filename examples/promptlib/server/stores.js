// PostgreSQL through a pool, and Redis for sessions and answers. Every key in Redis ends by itself.
import { randomUUID } from "node:crypto";
import pg from "pg";
import { createClient } from "redis";
import { open, seal } from "./seal.js";

const SESSION_SECONDS = 3600;

export async function connect(settings, log) {
  const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: settings.poolSize, connectionTimeoutMillis: 3000 });
  const redis = createClient({ url: settings.redisUrl, disableOfflineQueue: true });
  pool.on("error", (error) => log.error("database", { error: error.message }));
  redis.on("error", (error) => log.warn("redis", { error: error.message }));
  await redis.connect();
  return {
    async ready() {
      await pool.query("select 1");
      await redis.ping();
    },
    async list() {
      const { rows } = await pool.query("select id, title, body from prompts order by created desc limit 100");
      return rows.map((row) => ({ id: row.id, title: row.title, body: open(settings.encryptionKey, row.body) }));
    },
    async add(title, body) {
      const id = randomUUID();
      await pool.query("insert into prompts (id, title, body) values ($1, $2, $3)", [id, title, seal(settings.encryptionKey, body)]);
      return { id, title, body };
    },
    async startSession() {
      const id = randomUUID();
      await redis.set(`session:${id}`, "1", { expiration: { type: "EX", value: SESSION_SECONDS } });
      return id;
    },
    async hasSession(id) {
      return (await redis.exists(`session:${id}`)) === 1;
    },
    async close() {
      redis.destroy();
      await pool.end();
    },
  };
}
