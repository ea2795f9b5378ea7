// The routes. Health asks the process only; readiness asks what it needs.
import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { sign, verify } from "./seal.js";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

export function app(settings, stores, log, counts = new Map()) {
  const count = (name) => counts.set(name, (counts.get(name) ?? 0) + 1);

  const routes = {
    "GET /api/system/health": async () => [200, { status: "ok" }],
    "GET /api/system/ready": async () => {
      await stores.ready();
      return [200, { status: "ready" }];
    },
    "GET /metrics": async () => [200, metrics(counts)],
    "POST /api/session": async () => [201, { token: sign(settings.signingKey, await stores.startSession()) }],
    "GET /api/prompts": async () => [200, await stores.list()],
    "POST /api/prompts": async (request) => {
      const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
      const session = verify(settings.signingKey, token);
      if (!session || !(await stores.hasSession(session))) return [401, { error: "no session" }];
      const { title, body } = await json(request);
      if (typeof title !== "string" || typeof body !== "string" || !title || title.length > 200) return [400, { error: "expected a title and a body" }];
      count("prompts_created_total");
      return [201, await stores.add(title, body)];
    },
  };

  return async (request, response) => {
    const id = /^[\w-]{1,64}$/.test(request.headers["x-request-id"] ?? "") ? request.headers["x-request-id"] : randomUUID();
    const { pathname } = new URL(request.url, "http://host");
    response.setHeader("x-request-id", id);
    response.setHeader("access-control-allow-origin", settings.origin);
    let status = 500;
    try {
      const route = routes[`${request.method} ${pathname}`];
      if (!route && settings.pages && request.method === "GET") {
        status = await page(settings.pages, pathname, response);
      } else {
        const [code, body] = route ? await route(request) : [404, { error: "not found" }];
        status = code;
        response.writeHead(code, { "content-type": typeof body === "string" ? "text/plain; version=0.0.4" : "application/json" });
        response.end(typeof body === "string" ? body : JSON.stringify(body));
      }
    } catch (error) {
      log.error("request failed", { id, path: pathname, error: error.message });
      response.writeHead(pathname === "/api/system/ready" ? 503 : 500, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: "something went wrong", id }));
    }
    count(`http_requests_total{status="${status}"}`);
    log.info("request", { id, method: request.method, path: pathname, status });
  };
}

function metrics(counts) {
  return [...counts].map(([name, value]) => `${name} ${value}\n`).join("");
}

async function json(request) {
  let text = "";
  for await (const part of request) {
    text += part;
    if (text.length > 65536) throw new Error("body too large");
  }
  return JSON.parse(text);
}

/** A file of the compiled pages; everything else is the one page of the application. */
async function page(folder, path, response) {
  const wanted = join(folder, normalize(decodeURIComponent(path)));
  const found = wanted.startsWith(`${folder}/`) && (await stat(wanted).catch(() => undefined))?.isFile();
  const file = found ? wanted : join(folder, "index.html");
  response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
  return 200;
}
