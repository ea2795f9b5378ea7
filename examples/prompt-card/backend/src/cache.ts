// Answers that were computed before. Without an address nothing is remembered, and a cache that is away is no error.
import { createClient } from "redis";

export type Cache = { get(key: string): Promise<string | null>; set(key: string, value: string): Promise<void>; close(): Promise<void> };

export const noCache: Cache = { get: async () => null, set: async () => {}, close: async () => {} };

export async function openCache(url: string, ttl: number): Promise<Cache> {
  if (!url) return noCache;
  const client = createClient({ url, disableOfflineQueue: true });
  client.on("error", () => {});
  await client.connect().catch(() => {});
  return {
    get: (key) => client.get(key).catch(() => null),
    set: (key, value) => client.set(key, value, { EX: ttl }).then(() => {}, () => {}),
    close: async () => client.destroy(),
  };
}
