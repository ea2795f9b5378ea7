// Requests to answers. Must not read the environment: everything that it needs is handed in.
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { Cache } from "./cache.ts";
import type { Database } from "./database.ts";
import type { Limit } from "./limit.ts";
import type { Metrics } from "./metrics.ts";
import type { Ask } from "./model.ts";
import { isValid } from "./token.ts";

export type Parts = {
  database: Database;
  cache: Cache;
  ask: Ask;
  /** Whether the model answers at all. */
  hasModel: () => Promise<boolean>;
  limit: Limit;
  metrics: Metrics;
  settings: { cors: string; metrics: boolean; isCompressed: boolean; jwtSecret: string };
};
type Answer = { status: number; body: unknown; type?: string };

const most = 64 * 1024;

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const piece of request) {
    text += piece;
    if (text.length > most) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isNew(value: unknown): value is { title: string; prompt: string } {
  const card = value as { title?: unknown; prompt?: unknown } | null | undefined;
  return typeof card?.title === "string" && card.title !== "" && typeof card.prompt === "string" && card.prompt !== "";
}

async function run(parts: Parts, id: number): Promise<Answer> {
  const card = parts.database.card(id);
  if (!card) return { status: 404, body: { error: "there is no such card" } };
  const key = `answer:${card.id}:${card.prompt}`;
  const known = await parts.cache.get(key);
  if (known !== null) return { status: 200, body: { answer: known, cached: true } };
  try {
    const answer = await parts.ask(card.prompt);
    await parts.cache.set(key, answer);
    return { status: 200, body: { answer, cached: false } };
  } catch {
    return { status: 502, body: { error: "the model does not answer" } };
  }
}

async function ready(parts: Parts): Promise<Answer> {
  const isCurrent = parts.database.isCurrent();
  return { status: isCurrent ? 200 : 503, body: { database: isCurrent, model: await parts.hasModel() } };
}

async function add(parts: Parts, request: IncomingMessage): Promise<Answer> {
  if (!isValid(request.headers.authorization, parts.settings.jwtSecret)) return { status: 401, body: { error: "a token is needed" } };
  const card = await readJson(request);
  return isNew(card)
    ? { status: 201, body: parts.database.add(card.title, card.prompt) }
    : { status: 400, body: { error: "a card has a title and a prompt" } };
}

/** The web server in front says who asks; without one the connection does. */
function client(request: IncomingMessage): string {
  return String(request.headers["x-real-ip"] ?? request.socket.remoteAddress);
}

async function route(parts: Parts, request: IncomingMessage): Promise<Answer> {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const wanted = /^\/api\/cards\/(\d{1,9})\/run$/.exec(pathname);
  if (pathname.startsWith("/api/") && !parts.limit(client(request))) return { status: 429, body: { error: "too many requests" } };
  switch (`${request.method} ${wanted ? "run" : pathname}`) {
    case "GET /health":
      return { status: 200, body: { status: "ok" } };
    case "GET /health/ready":
      return ready(parts);
    case "GET /metrics":
      return parts.settings.metrics ? { status: 200, body: parts.metrics.text(), type: "text/plain; version=0.0.4" } : { status: 404, body: {} };
    case "GET /api/cards":
      return { status: 200, body: parts.database.cards() };
    case "POST /api/cards":
      return add(parts, request);
    case "POST run":
      return run(parts, Number(wanted?.[1]));
    default:
      return { status: 404, body: { error: "nothing is here" } };
  }
}

const compress = promisify(gzip);

async function send(parts: Parts, request: IncomingMessage, response: ServerResponse, answer: Answer) {
  const { cors, isCompressed } = parts.settings;
  const type = answer.type ?? "application/json";
  const headers: Record<string, string> = { "content-type": type, "cache-control": "no-store", vary: "accept-encoding" };
  if (cors) headers["access-control-allow-origin"] = cors;
  const text = answer.type ? String(answer.body) : JSON.stringify(answer.body);
  const wanted = isCompressed && text.length > 1024 && /\bgzip\b/.test(String(request.headers["accept-encoding"]));
  if (wanted) headers["content-encoding"] = "gzip";
  response.writeHead(answer.status, headers);
  response.end(wanted ? await compress(text) : text);
}

export function createApp(parts: Parts): RequestListener {
  return (request, response) => {
    route(parts, request)
      .catch((): Answer => ({ status: 500, body: { error: "something went wrong" } }))
      .then((answer) => {
        parts.metrics.count(request.method ?? "", answer.status);
        return send(parts, request, response, answer);
      })
      .catch(() => response.destroy());
  };
}
