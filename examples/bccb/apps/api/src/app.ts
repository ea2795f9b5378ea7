// The HTTP application, put together from parts that tests can replace.
import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { randomUUID } from "node:crypto";
import type { Cache } from "./cache.ts";
import { credentialRoutes, type Parts } from "./credentials.ts";
import type { Env } from "./env.ts";
import { guard } from "./guard.ts";
import { healthRoutes, type Health } from "./health.ts";
import { reason, type Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";

export type AppParts = Omit<Parts, "jwtSecret" | "cache"> & {
  env: Env;
  cache: Parts["cache"] & Pick<Cache, "count">;
  health: Health;
  metrics: Metrics;
};

/** The request's identifier: the proxy's, if it looks like one, or a new one. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === "string" && /^[\w-]{1,64}$/.test(given) ? given : randomUUID();
}

/** The route and not the address: identifiers in labels would be numbers without end. */
function route(request: FastifyRequest): string {
  return request.routeOptions.url ?? "unknown";
}

function observe(app: FastifyInstance, metrics: Metrics, log: Log): void {
  app.server.on("connection", (socket) => {
    metrics.connections.inc();
    socket.once("close", () => metrics.connections.dec());
  });
  app.addHook("onResponse", async (request, reply) => {
    const labels = { method: request.method, route: route(request), status: String(reply.statusCode) };
    metrics.requests.inc(labels);
    metrics.requestSeconds.observe(labels, reply.elapsedTime / 1000);
    const probe = request.url.startsWith("/health") || request.url === "/metrics";
    log[probe ? "debug" : "info"]("Request processed", {
      requestId: request.id,
      endpoint: labels.route,
      method: request.method,
      statusCode: reply.statusCode,
      duration: Math.round(reply.elapsedTime),
    });
  });
  app.get("/metrics", async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()));
}

/** Answers say what the client did wrong, and nothing about the inside. */
function reportErrors(app: FastifyInstance, log: Log): void {
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: "no such address" }));
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const code = error.statusCode ?? 500;
    if (code < 500) return reply.code(code).send({ error: error.message });
    log.error("Request failed", { requestId: request.id, endpoint: request.routeOptions.url, reason: reason(error) });
    return reply.code(500).send({ error: "internal error", requestId: request.id });
  });
}

export function buildApp({ env, health, metrics, log, cache, ...rest }: AppParts): FastifyInstance {
  const app = Fastify({
    logger: false,
    // One proxy stands before the API: the last address in X-Forwarded-For is the client it saw.
    trustProxy: (_address, hop) => hop === 0,
    genReqId: (request) => requestId(request.headers["x-request-id"]),
    bodyLimit: 1024 * 1024,
  });
  app.addHook("onSend", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  observe(app, metrics, log);
  reportErrors(app, log);
  guard(app, cache, env);
  healthRoutes(app, health);
  credentialRoutes(app, { ...rest, cache, log, jwtSecret: env.jwtSecret });
  return app;
}
