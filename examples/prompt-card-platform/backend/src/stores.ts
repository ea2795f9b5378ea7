// Connections to PostgreSQL (through the pool), to its copy, and to whichever Redis is in charge.
import { Redis } from "ioredis";
import pg from "pg";
import { env } from "./env.js";

// Fifty instances with five connections each stay below the pool's limit of clients.
export const database = new pg.Pool({ connectionString: env.database, max: 5 });
export const copy = new pg.Pool({ connectionString: env.readable, max: 2 });
// A lost connection is opened again by the next query.
for (const pool of [database, copy]) pool.on("error", (error) => console.error(JSON.stringify({ error: error.message })));

const password = decodeURIComponent(env.redis.password);
const nodes = env.sentinels?.split(",").map((at) => at.split(":")).map(([host, port]) => ({ host: host ?? "", port: Number(port) }));

export const cache = nodes
  ? new Redis({ sentinels: nodes, name: env.group, password, sentinelPassword: password })
  : new Redis(env.redis.href);
cache.on("error", (error) => console.error(JSON.stringify({ error: error.message })));
