// Who may ask: origins of pages, how often, and with which token.
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Cache } from "./cache.ts";
import type { Env } from "./env.ts";
import { issue, verify } from "./jwt.ts";

type Settings = Pick<
  Env,
  "allowedOrigins" | "rateLimitWindowMs" | "rateLimitMaxRequests" | "jwtSecret" | "jwtExpiresIn"
>;

function bearer(request: FastifyRequest): string {
  return /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
}

/** The name in the access token of a request, if it carries a good one. */
export function subject(request: FastifyRequest, secret: string): string | undefined {
  return verify(bearer(request), "access", secret);
}

/** Pages of the allowed origins may read answers; others get no header and their browser refuses. */
function allowOrigins(app: FastifyInstance, origins: string[]): void {
  app.addHook("onRequest", async (request, reply) => {
    const { origin } = request.headers;
    reply.header("vary", "origin");
    if (!origin || !origins.includes(origin)) return;
    reply.header("access-control-allow-origin", origin);
    if (request.method !== "OPTIONS") return;
    reply.header("access-control-allow-methods", "GET, POST");
    reply.header("access-control-allow-headers", "authorization, content-type");
    return reply.code(204).send();
  });
}

/** Counts requests below `/api` for each user, or each address; probes and metrics are never limited. */
function limitRate(app: FastifyInstance, cache: Pick<Cache, "count">, settings: Settings): void {
  app.addHook("onRequest", async (request, reply) => {
    if (!request.url.startsWith("/api/") || request.url === "/api/health") return;
    const client = subject(request, settings.jwtSecret) ?? request.ip;
    const count = await cache.count(client, settings.rateLimitWindowMs);
    if (count === undefined || count <= settings.rateLimitMaxRequests) return;
    reply.header("retry-after", Math.ceil(settings.rateLimitWindowMs / 1000));
    return reply.code(429).send({ error: "too many requests" });
  });
}

export function guard(app: FastifyInstance, cache: Pick<Cache, "count">, settings: Settings): void {
  allowOrigins(app, settings.allowedOrigins);
  limitRate(app, cache, settings);
  app.post("/api/tokens/refresh", async (request, reply) => {
    const name = verify(bearer(request), "refresh", settings.jwtSecret);
    if (!name) return reply.code(401).send({ error: "a refresh token is required" });
    return { access: issue(name, "access", settings.jwtExpiresIn, settings.jwtSecret) };
  });
}
