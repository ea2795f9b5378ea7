// What clients of the API see.
import assert from "node:assert/strict";
import { test } from "node:test";
import { issue } from "../src/jwt.ts";
import { environment, fakeApp, id } from "./fakes.ts";

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test("a list is loaded once, and again after a new credential", async () => {
  const { app, seen } = fakeApp();
  const first = await app.inject("/api/credentials");
  assert.deepEqual(first.json(), { page: 1, limit: 20, items: [{ id, title: "Python", status: "PUBLISHED" }] });
  await app.inject("/api/credentials");
  assert.equal(seen.loads, 1);
  const created = await app.inject({ method: "POST", url: "/api/credentials", payload: { title: "Rust" } });
  assert.equal(created.statusCode, 201);
  assert.equal(created.json().status, "DRAFT");
  await app.inject({ url: "/api/credentials", remoteAddress: "10.0.0.9" });
  assert.equal(seen.loads, 2);
});

test("bad input is refused with the reason", async () => {
  const { app } = fakeApp();
  const page = await app.inject("/api/credentials?page=0");
  assert.equal(page.statusCode, 400);
  assert.match(page.json().error, /page/);
  const empty = await app.inject({ method: "POST", url: "/api/credentials", payload: { title: " " } });
  assert.equal(empty.statusCode, 400);
});

test("one credential, its skills, and one that does not exist", async () => {
  const { app } = fakeApp();
  assert.equal((await app.inject(`/api/credentials/${id}`)).json().title, "Python");
  assert.deepEqual((await app.inject(`/api/credentials/${id}/skills`)).json(), { id, skills: ["Python", "statistics"] });
  assert.equal((await app.inject(`/api/credentials/${id.replace("1", "2")}`)).statusCode, 404);
});

test("an AI service that fails is a bad gateway", async () => {
  const skills = { extract: () => Promise.reject(new Error("down")) };
  const { app, seen } = fakeApp({ skills });
  assert.equal((await app.inject(`/api/credentials/${id}/skills`)).statusCode, 502);
  assert.ok(seen.lines.some((line) => line.level === "WARN" && line.reason === "down"));
});

test("publishing needs an access token, and a refresh token gives one", async () => {
  const { app } = fakeApp();
  const post = (headers: Record<string, string>) =>
    app.inject({ method: "POST", url: "/api/credentials", headers, payload: { title: "Go", status: "PUBLISHED" } });
  assert.equal((await post({})).statusCode, 401);
  const refresh = issue("ada", "refresh", 60, environment.JWT_SECRET);
  assert.equal((await post(bearer(refresh))).statusCode, 401);
  const renewed = await app.inject({ method: "POST", url: "/api/tokens/refresh", headers: bearer(refresh) });
  assert.equal((await post(bearer(renewed.json().access))).statusCode, 201);
});

test("too many requests of one client are refused; probes are not counted", async () => {
  const { app } = fakeApp();
  for (let n = 0; n < 3; n++) assert.equal((await app.inject("/api/credentials")).statusCode, 200);
  assert.equal((await app.inject("/api/credentials")).statusCode, 429);
  assert.equal((await app.inject({ url: "/api/credentials", headers: { "x-forwarded-for": "192.0.2.7" } })).statusCode, 200);
  assert.equal((await app.inject("/health")).statusCode, 200);
});

test("only allowed origins may read answers", async () => {
  const { app } = fakeApp();
  const ask = async (origin: string) => (await app.inject({ url: "/health", headers: { origin } })).headers["access-control-allow-origin"];
  assert.equal(await ask("https://bccb.example.com"), "https://bccb.example.com");
  assert.equal(await ask("https://evil.example.org"), undefined);
});

test("liveness stays while readiness follows the services", async () => {
  const { app, down, health } = fakeApp();
  assert.equal((await app.inject("/health")).json().services.database, "unknown");
  assert.equal((await app.inject("/health/ready")).statusCode, 200);
  down.database = true;
  assert.equal((await app.inject("/health/ready")).statusCode, 503);
  const live = await app.inject("/health");
  assert.equal(live.statusCode, 200);
  assert.deepEqual(live.json().services, { database: "unhealthy", cache: "healthy", ai_service: "healthy" });
  down.database = false;
  health.stopping = true;
  assert.equal((await app.inject("/health/ready")).statusCode, 503);
});

test("requests are counted by route and logged", async () => {
  const { app, seen } = fakeApp();
  await app.inject({ url: `/api/credentials/${id}`, headers: { "x-request-id": "abc-1" } });
  const { body } = await app.inject("/metrics");
  assert.match(body, /http_requests_total\{method="GET",route="\/api\/credentials\/:id",status="200"\} 1/);
  for (const name of ["http_request_duration_seconds", "database_query_duration_seconds", "cache_hit_rate", "active_connections"])
    assert.ok(body.includes(`# TYPE ${name} `), name);
  const line = seen.lines.find((candidate) => candidate.requestId === "abc-1");
  assert.equal(line?.message, "Request processed");
  assert.equal(line?.statusCode, 200);
});
