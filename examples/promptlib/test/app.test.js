import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { app } from "../server/app.js";
import { logger } from "../server/log.js";
import { open, seal, sign, verify } from "../server/seal.js";
import { settings } from "../server/settings.js";

const KEY = Buffer.alloc(32, 7);

function stores() {
  const prompts = [];
  return {
    ready: async () => {},
    list: async () => prompts,
    add: async (title, body) => prompts.push({ title, body }) && { title, body },
    startSession: async () => "one",
    hasSession: async (id) => id === "one",
  };
}

async function served(store, ask) {
  const lines = [];
  const read = { signingKey: "k", origin: "http://localhost", pages: "" };
  const server = createServer(app(read, store, logger("info", (line) => lines.push(JSON.parse(line)))));
  await new Promise((done) => server.listen(0, done));
  try {
    await ask(`http://localhost:${server.address().port}`, lines);
  } finally {
    server.close();
  }
}

test("what is sealed can be opened, and not when it was changed", () => {
  const sealed = seal(KEY, "a prompt");
  assert.equal(open(KEY, sealed), "a prompt");
  sealed[30] ^= 1;
  assert.throws(() => open(KEY, sealed));
  assert.equal(verify("k", sign("k", "id")), "id");
  assert.equal(verify("other", sign("k", "id")), undefined);
});

test("secrets come from files, and the key has its length", () => {
  const env = { ENCRYPTION_KEY: "x".repeat(32), DATABASE_URL: "d", REDIS_URL: "r", JWT_SECRET_FILE: new URL(import.meta.url).pathname };
  assert.match(settings(env).signingKey, /^import/);
  assert.throws(() => settings({ ...env, ENCRYPTION_KEY: "short" }), /32/);
  assert.throws(() => settings({ ...env, DATABASE_URL: "" }), /DATABASE_URL/);
});

test("only a session may add a prompt, and every answer has an id that the log knows", () =>
  served(stores(), async (url, lines) => {
    const refused = await fetch(`${url}/api/prompts`, { method: "POST", body: "{}" });
    assert.equal(refused.status, 401);
    const { token } = await (await fetch(`${url}/api/session`, { method: "POST" })).json();
    const added = await fetch(`${url}/api/prompts`, { method: "POST", headers: { authorization: `Bearer ${token}`, "x-request-id": "abc" }, body: JSON.stringify({ title: "t", body: "b" }) });
    assert.equal(added.status, 201);
    assert.equal(added.headers.get("x-request-id"), "abc");
    assert.equal(lines.find((line) => line.id === "abc").status, 201);
    assert.match(await (await fetch(`${url}/metrics`)).text(), /prompts_created_total 1/);
  }));

test("readiness follows the stores, health does not", () =>
  served({ ...stores(), ready: async () => { throw new Error("down"); } }, async (url) => {
    assert.equal((await fetch(`${url}/api/system/ready`)).status, 503);
    assert.equal((await fetch(`${url}/api/system/health`)).status, 200);
  }));
