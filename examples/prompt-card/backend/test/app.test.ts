import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { tmpdir } from "node:os";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createApp } from "../src/app.ts";
import { noCache } from "../src/cache.ts";
import { openDatabase } from "../src/database.ts";
import { readEnv } from "../src/env.ts";
import { createLimit } from "../src/limit.ts";
import { createMetrics } from "../src/metrics.ts";
import { createAsk } from "../src/model.ts";
import { save } from "../src/copy.ts";
import { createToken, isValid } from "../src/token.ts";

const secret = "t".repeat(32);

async function started(change: { isMigrated?: boolean; answers?: () => Promise<string>; most?: number } = {}) {
  const database = openDatabase(":memory:");
  if (change.isMigrated ?? true) database.migrate();
  const known = new Map<string, string>();
  const cache = { ...noCache, get: async (key: string) => known.get(key) ?? null, set: async (key: string, value: string) => void known.set(key, value) };
  const ask = change.answers ?? (async () => "forty-two");
  const settings = { cors: "", metrics: true, isCompressed: true, jwtSecret: secret };
  const limit = createLimit({ window: 60_000, most: change.most ?? 100 });
  const parts = { database, cache, ask, hasModel: async () => false, limit, metrics: createMetrics(), settings };
  const server = createServer(createApp(parts));
  await new Promise<void>((done) => server.listen(0, done));
  const base = `http://localhost:${(server.address() as AddressInfo).port}`;
  const json = async (path: string, init?: RequestInit) => {
    const answer = await fetch(base + path, init);
    return { status: answer.status, body: await answer.json() };
  };
  const authorization = `Bearer ${createToken("anna", 60, secret)}`;
  const post = (path: string, body: unknown, headers: Record<string, string> = { authorization }) =>
    json(path, { method: "POST", headers, body: JSON.stringify(body) });
  return { base, json, post, stop: () => new Promise((done) => server.close(done)) };
}

test("cards are kept and run, the second time from the cache", async () => {
  const { json, post, stop } = await started();
  assert.equal((await post("/api/cards", { title: "Answer", prompt: "What is it?" })).status, 201);
  assert.deepEqual((await json("/api/cards")).body, [{ id: 1, title: "Answer", prompt: "What is it?" }]);
  assert.deepEqual((await post("/api/cards/1/run", {})).body, { answer: "forty-two", cached: false });
  assert.deepEqual((await post("/api/cards/1/run", {})).body, { answer: "forty-two", cached: true });
  await stop();
});

test("what is not a card is refused", async () => {
  const { json, post, stop } = await started();
  for (const body of [null, {}, { title: "a" }, { title: "", prompt: "x" }, { title: 1, prompt: "x" }])
    assert.equal((await post("/api/cards", body)).status, 400);
  assert.equal((await post("/api/cards/7/run", {})).status, 404);
  assert.equal((await json("/nothing")).status, 404);
  await stop();
});

test("a model that does not answer is said, not hidden", async () => {
  const { post, stop } = await started({ answers: () => Promise.reject(new Error("away")) });
  await post("/api/cards", { title: "a", prompt: "b" });
  assert.equal((await post("/api/cards/1/run", {})).status, 502);
  await stop();
});

test("alive before it is ready", async () => {
  const { base, json, stop } = await started({ isMigrated: false });
  assert.equal((await json("/health")).status, 200);
  assert.equal((await json("/health/ready")).status, 503);
  const metrics = await (await fetch(`${base}/metrics`)).text();
  assert.match(metrics, /^http_requests_total\{method="GET",status="503"\} 1$/m);
  await stop();
});

test("the model is asked again, and no more often than that", async () => {
  let asked = 0;
  const settings = { url: "http://model", timeout: 100, attempts: 3 };
  const flaky = (async () => {
    asked += 1;
    return asked < 3 ? new Response("", { status: 500 }) : Response.json({ response: "hello" });
  }) as typeof fetch;
  assert.equal(await createAsk(settings, flaky)("hi"), "hello");
  asked = -10;
  await assert.rejects(createAsk(settings, flaky)("hi"), /answered with 500/);
  assert.equal(asked, -7);
});

test("settings have the defaults of the contract", () => {
  const env = readEnv({});
  assert.deepEqual([env.port, env.level, env.ttl, env.limit.most, env.cors], [3001, "info", 3600, 100, ""]);
  assert.equal(readEnv({ ENABLE_CORS: "true", CORS_ORIGIN: "https://a" }).cors, "https://a");
});

test("only who has a token adds cards, and nobody asks too often", async () => {
  const { json, post, stop } = await started({ most: 3 });
  const card = { title: "a", prompt: "b" };
  assert.equal((await post("/api/cards", card, {})).status, 401);
  assert.equal((await post("/api/cards", card, { authorization: "Bearer a.b.c" })).status, 401);
  assert.equal((await post("/api/cards", card)).status, 201);
  assert.equal((await json("/api/cards")).status, 429);
  assert.equal((await json("/health")).status, 200);
  await stop();
});

test("tokens end, and other secrets or algorithms do not count", () => {
  const token = `Bearer ${createToken("anna", 60, secret, 0)}`;
  assert.ok(isValid(token, secret, 59_000));
  assert.ok(!isValid(token, secret, 61_000));
  assert.ok(!isValid(token, "u".repeat(32), 0));
  assert.ok(!isValid(undefined, secret) && !isValid(token, "", 0));
});

test("a copy is whole and can be opened", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cards-"));
  const source = join(folder, "cards.sqlite");
  const database = openDatabase(source);
  database.migrate();
  database.add("a", "b");
  const copy = openDatabase(await save(source, join(folder, "backups")));
  assert.deepEqual(copy.cards().map((card) => card.title), ["a"]);
  copy.close();
  database.close();
});
