// Answers that were asked for before, in Redis. Without Redis the API is slower, not broken.
import { Redis } from "ioredis";
import { reason, type Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";

export const secondsToLive = 3600;
const generationKey = "credentials:generation";
export type Cache = ReturnType<typeof connectCache>;

export function connectCache(url: string, maxRetries: number, metrics: Metrics, log: Log) {
  const redis = new Redis(url, {
    maxRetriesPerRequest: maxRetries,
    // A command fails at once while there is no connection; the request goes on without the cache.
    enableOfflineQueue: false,
    connectTimeout: 2000,
    retryStrategy: (times) => Math.min(times * 200, 5000),
  });
  redis.on("error", (error) => log.warn("cache is not reachable", { reason: reason(error) }));

  /** What `use` gives, or nothing when the cache fails. */
  async function attempt<T>(use: () => Promise<T>): Promise<T | undefined> {
    try {
      return await use();
    } catch (error) {
      log.debug("cache was left out", { reason: reason(error) });
      return undefined;
    }
  }

  return {
    /** The answer stored under `key`, or the one that `load` gives, stored for the next hour. */
    async through<T>(key: string, load: () => Promise<T>): Promise<T> {
      const stored = await attempt(() => redis.get(key));
      metrics.lookup(typeof stored === "string");
      if (typeof stored === "string") return JSON.parse(stored) as T;
      const fresh = await load();
      if (fresh !== null) await attempt(() => redis.setex(key, secondsToLive, JSON.stringify(fresh)));
      return fresh;
    },
    /** A number in the keys of lists: a new one makes all stored lists unreachable. */
    generation: async () => (await attempt(() => redis.get(generationKey))) ?? "0",
    async nextGeneration() {
      await attempt(() => redis.incr(generationKey));
    },
    /** How often `client` asked in the current window; nothing when the cache fails. */
    count(client: string, windowMs: number): Promise<number | undefined> {
      const key = `rate:${client}:${Math.floor(Date.now() / windowMs)}`;
      return attempt(async () => {
        const replies = await redis.multi().incr(key).pexpire(key, windowMs).exec();
        return Number(replies?.[0]?.[1]);
      });
    },
    async ping() {
      await redis.ping();
    },
    async close() {
      await attempt(() => redis.quit());
      redis.disconnect();
    },
  };
}

/** Makes stored lists unreachable after a script changed the database behind the back of the API. */
export async function forgetLists(url: string, log: Log): Promise<void> {
  const redis = new Redis(url, { connectTimeout: 2000, retryStrategy: () => null });
  redis.on("error", (error) => log.warn("cache is not reachable", { reason: reason(error) }));
  try {
    await redis.incr(generationKey);
  } catch (error) {
    log.warn("lists may be up to an hour old", { reason: reason(error) });
  } finally {
    redis.disconnect();
  }
}
