// The routes of micro-credentials.
import { CredentialStatus } from "#client";
import type { FastifyInstance } from "fastify";
import type { Cache } from "./cache.ts";
import { pageSize, type Database, type NewCredential } from "./database.ts";
import { subject } from "./guard.ts";
import { reason, type Log } from "./log.ts";
import type { Skills } from "./skills.ts";

export type Parts = {
  database: Pick<Database, "list" | "find" | "create">;
  cache: Pick<Cache, "through" | "generation" | "nextGeneration">;
  skills: Pick<Skills, "extract">;
  jwtSecret: string;
  log: Log;
};

const status = { type: "string", enum: Object.values(CredentialStatus) };
const listQuery = { type: "object", properties: { page: { type: "integer", minimum: 1, maximum: 100_000, default: 1 }, status } };
const byId = { type: "object", required: ["id"], properties: { id: { type: "string", format: "uuid" } } };
const newCredential = {
  type: "object",
  required: ["title"],
  additionalProperties: false,
  properties: {
    title: { type: "string", minLength: 1, maxLength: 200, pattern: "\\S" },
    description: { type: "string", maxLength: 20_000 },
    status,
  },
};

export function credentialRoutes(app: FastifyInstance, { database, cache, skills, jwtSecret, log }: Parts): void {
  const find = (id: string) => cache.through(`credential:${id}`, () => database.find(id));

  app.get<{ Querystring: { page: number; status?: CredentialStatus } }>(
    "/api/credentials",
    { schema: { querystring: listQuery } },
    async ({ query: { page, status: wanted } }) => {
      const key = `credentials:${await cache.generation()}:${wanted ?? "ANY"}:${page}`;
      const items = await cache.through(key, () => database.list(page, wanted));
      return { page, limit: pageSize, items };
    },
  );

  app.get<{ Params: { id: string } }>("/api/credentials/:id", { schema: { params: byId } }, async (request, reply) => {
    const found = await find(request.params.id);
    return found ?? reply.code(404).send({ error: "no such credential" });
  });

  // Anyone may hand in a draft; other states need a token.
  app.post<{ Body: NewCredential }>("/api/credentials", { schema: { body: newCredential } }, async (request, reply) => {
    const { body } = request;
    if (body.status && body.status !== "DRAFT" && !subject(request, jwtSecret))
      return reply.code(401).send({ error: "an access token is required to publish" });
    const created = await database.create(body);
    await cache.nextGeneration();
    return reply.code(201).header("location", `/api/credentials/${created.id}`).send(created);
  });

  app.get<{ Params: { id: string } }>("/api/credentials/:id/skills", { schema: { params: byId } }, async (request, reply) => {
    const found = await find(request.params.id);
    if (!found) return reply.code(404).send({ error: "no such credential" });
    try {
      return { id: found.id, skills: await skills.extract(`${found.title}. ${found.description}`) };
    } catch (error) {
      log.warn("skills are not available", { requestId: request.id, reason: reason(error) });
      return reply.code(502).send({ error: "the AI service is not available" });
    }
  });
}
