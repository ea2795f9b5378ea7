// Liveness asks this process only; readiness asks what it cannot work without.
import type { FastifyInstance } from "fastify";
import { reason, type Log } from "./log.ts";

export type State = "healthy" | "unhealthy" | "unknown";
export type Services = { database: State; cache: State; ai_service: State };
type Probes = Record<keyof Services, () => Promise<void>>;

const limitMs = 1000;
const version = "1.0.0";

export class Health {
  readonly services: Services = { database: "unknown", cache: "unknown", ai_service: "unknown" };
  /** Set when the process was asked to stop: no new requests, please. */
  stopping = false;
  private readonly probes: Probes;
  private readonly log: Log;
  constructor(probes: Probes, log: Log) {
    this.probes = probes;
    this.log = log;
  }

  private async probe(name: keyof Services): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
    });
    try {
      await Promise.race([this.probes[name](), late]);
      this.services[name] = "healthy";
    } catch (error) {
      if (this.services[name] !== "unhealthy") this.log.warn("a service is not healthy", { dependency: name, reason: reason(error) });
      this.services[name] = "unhealthy";
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks all services at once. The AI service is reported, but most requests do without it. */
  async ready(): Promise<boolean> {
    await Promise.all([this.probe("database"), this.probe("cache"), this.probe("ai_service")]);
    return !this.stopping && this.services.database === "healthy" && this.services.cache === "healthy";
  }

  report(status: "healthy" | "ready" | "not ready") {
    return { status, version, uptime: Math.floor(process.uptime()), services: this.services };
  }
}

/** `/api/health` is the liveness answer for pages, which reach the API below `/api` only. */
export function healthRoutes(app: FastifyInstance, health: Health): void {
  for (const path of ["/health", "/api/health"]) app.get(path, () => health.report("healthy"));
  app.get("/health/ready", async (_request, reply) => {
    const ready = await health.ready();
    return reply.code(ready ? 200 : 503).send(health.report(ready ? "ready" : "not ready"));
  });
}
