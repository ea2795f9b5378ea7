// The API: cards, tokens, connections that stay open, health and metrics.
import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { WebSocketServer } from "ws";
import { env } from "./env.js";
import { comprehensive, ready } from "./health.js";
import { answered, connected, exposition } from "./metrics.js";
import { cache, copy, database } from "./stores.js";

type Handler = (request: IncomingMessage) => Promise<[status: number, body: unknown]>;

async function body(request: IncomingMessage): Promise<Record<string, string>> {
  let text = "";
  for await (const part of request) text += part;
  return JSON.parse(text || "{}") as Record<string, string>;
}

const sign = (name: string): string => {
  const claim = Buffer.from(JSON.stringify({ name, until: Date.now() + 3_600_000 })).toString("base64url");
  return `${claim}.${createHmac("sha256", env.secret).update(claim).digest("base64url")}`;
};

const routes: Record<string, Handler> = {
  "GET /api/health": async () => [200, { status: "healthy" }],
  "GET /api/health/ready": async () => ((await ready()) ? [200, { ready: true }] : [503, { ready: false }]),
  "GET /api/health/comprehensive": async () => [200, { checks: await comprehensive() }],
  "POST /api/auth/login": async (request) => [200, { token: sign((await body(request)).name ?? "somebody") }],
  "GET /api/cards": async () => {
    const known = await cache.get("cards");
    if (known !== null) return [200, JSON.parse(known)];
    const { rows } = await copy.query("SELECT id, title, prompt FROM cards ORDER BY id DESC LIMIT 50");
    await cache.set("cards", JSON.stringify(rows), "EX", 5);
    return [200, rows];
  },
  "POST /api/cards": async (request) => {
    const { title = "", prompt = "" } = await body(request);
    const { rows } = await database.query("INSERT INTO cards (title, prompt) VALUES ($1, $2) RETURNING id", [title, prompt]);
    return [201, rows[0]];
  },
};

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const start = performance.now();
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  if (path === "/metrics") {
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(exposition());
    return;
  }
  const handler = routes[`${request.method} ${path}`];
  const failed = (error: unknown): [number, unknown] => [500, { error: error instanceof Error ? error.message : "failed" }];
  const [status, answer] = handler ? await handler(request).catch(failed) : [404, { error: "not found" }];
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  answered(status, (performance.now() - start) / 1000);
}

const server = createServer((request, response) => void handle(request, response));
const sockets = new WebSocketServer({ server, path: "/socket.io/" });
sockets.on("connection", (socket) => {
  connected(1);
  socket.on("message", (data) => socket.send(data.toString()));
  socket.on("close", () => connected(-1));
});
server.listen(env.port, "0.0.0.0");

process.once("SIGTERM", () => {
  for (const socket of sockets.clients) socket.close(1001);
  server.close(() => process.exit(0));
});
