import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { createApp, type Note } from "./app.ts";

const kept: Note[] = [];
const server = createApp({
  list: async () => kept,
  add: async (text) => {
    const note = { id: kept.length + 1, text };
    kept.push(note);
    return note;
  },
});
let base = "";

before(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

test("what was written is read", async () => {
  const made = await fetch(`${base}/notes`, { method: "POST", body: JSON.stringify({ text: "milk" }) });
  assert.equal(made.status, 201);
  assert.deepEqual(await (await fetch(`${base}/notes`)).json(), [{ id: 1, text: "milk" }]);
});

test("what is no note is refused", async () => {
  for (const body of ["", "{}", '{"text":" "}', "x"])
    assert.equal((await fetch(`${base}/notes`, { method: "POST", body })).status, 400);
  assert.equal((await fetch(`${base}/notes`, { method: "POST", body: "x".repeat(70_000) })).status, 413);
  assert.equal((await fetch(`${base}/elsewhere`)).status, 404);
});

test("answers are counted", async () => {
  assert.match(await (await fetch(`${base}/metrics`)).text(), /http_requests_total\{status="404"\} 1/);
});
