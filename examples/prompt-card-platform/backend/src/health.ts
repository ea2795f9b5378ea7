// Whether the process lives, whether it can work, and how everything behind it feels: three questions.
import { statfs } from "node:fs/promises";
import { freemem, totalmem } from "node:os";
import { env } from "./env.js";
import { cache, database } from "./stores.js";

export interface Check {
  name: string;
  status: "healthy" | "unhealthy" | "degraded";
  responseTime?: number;
  details?: unknown;
}

type Probe = () => Promise<Pick<Check, "status" | "details"> | void>;

const reach = (url: string): Probe => async () => {
  const answer = await fetch(url, { signal: AbortSignal.timeout(3000) });
  // Anything that answers is there; whether it likes us is its own business.
  return { status: answer.status < 500 ? "healthy" : "degraded" };
};

const probes: Record<string, Probe> = {
  database: async () => void (await database.query("SELECT 1")),
  redis: async () => void (await cache.ping()),
  ollama: reach(`${env.ollama}/api/version`),
  external_apis: reach("https://api.openai.com/v1/models"),
  disk_space: async () => {
    const disk = await statfs(env.uploads);
    const free = disk.bavail / disk.blocks;
    return { status: free < 0.05 ? "unhealthy" : free < 0.15 ? "degraded" : "healthy", details: { free } };
  },
  memory_usage: async () => {
    const free = freemem() / totalmem();
    return { status: free < 0.05 ? "degraded" : "healthy", details: { free } };
  },
};

async function ask(name: string, probe: Probe): Promise<Check> {
  const start = Date.now();
  try {
    const found = await probe();
    return { name, status: "healthy", responseTime: Date.now() - start, ...found };
  } catch (error) {
    const details = error instanceof Error ? error.message : String(error);
    return { name, status: "unhealthy", responseTime: Date.now() - start, details };
  }
}

export const comprehensive = (): Promise<Check[]> =>
  Promise.all(Object.entries(probes).map(([name, probe]) => ask(name, probe)));

export const ready = async (): Promise<boolean> =>
  (await ask("database", probes.database!)).status === "healthy";
