// Stand-ins for the services, so that the application can be tested without any.
import { buildApp, type AppParts } from "../src/app.ts";
import { readEnv } from "../src/env.ts";
import { Health } from "../src/health.ts";
import { createLog } from "../src/log.ts";
import { createMetrics } from "../src/metrics.ts";

export const environment = {
  NODE_ENV: "test",
  DATABASE_URL: "postgresql://localhost/test",
  REDIS_URL: "redis://localhost",
  AI_SERVICE_URL: "http://localhost",
  JWT_SECRET: "x".repeat(32),
  ALLOWED_ORIGINS: "https://bccb.example.com",
  RATE_LIMIT_MAX_REQUESTS: "3",
};

export const id = "00000000-0000-4000-8000-000000000001";
const times = { createdAt: new Date(0), updatedAt: new Date(0) };
const row = { id, title: "Python", description: "statistics", status: "PUBLISHED" as const, ...times };

/** An application over one credential in memory; `lines` are its log lines, `loads` counts reads of the database. */
export function fakeApp(changes: Partial<AppParts> = {}) {
  const lines: Record<string, unknown>[] = [];
  const log = createLog("info", (line) => lines.push(JSON.parse(line)));
  const stored = new Map<string, unknown>();
  const counts = new Map<string, number>();
  const seen = { lines, loads: 0, generation: 0 };
  const down = { database: false, cache: false };
  const ask = (name: keyof typeof down) => async () => {
    if (down[name]) throw new Error("refused");
  };
  const health = new Health({ database: ask("database"), cache: ask("cache"), ai_service: async () => {} }, log);
  const app = buildApp({
    env: readEnv(environment),
    metrics: createMetrics(),
    health,
    log,
    database: {
      list: async () => (seen.loads++, [{ id, title: row.title, status: row.status }]),
      find: async (wanted) => (wanted === id ? row : null),
      create: async (data) => ({ ...row, status: "DRAFT" as const, ...data, description: data.description ?? "" }),
    },
    cache: {
      async through<T>(key: string, load: () => Promise<T>) {
        if (!stored.has(key)) stored.set(key, await load());
        return stored.get(key) as T;
      },
      generation: async () => String(seen.generation),
      nextGeneration: async () => void seen.generation++,
      async count(client) {
        counts.set(client, (counts.get(client) ?? 0) + 1);
        return counts.get(client);
      },
    },
    skills: { extract: async (text) => text.split(". ") },
    ...changes,
  });
  return { app, seen, down, health };
}
