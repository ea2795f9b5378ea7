import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openStore } from "../lib/db/store.ts";
import { count, exposition } from "../lib/metrics.ts";
import { sign, verify } from "../lib/session.ts";

test("prompts survive a restart, and a migration runs once", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "prompts-")), "app.db");
  const first = await openStore(file);
  await first.migrate("lib/db/migrations");
  assert.deepEqual(await first.add("One", "text"), { id: 1, title: "One", body: "text" });
  await first.close();
  const second = await openStore(file);
  await second.migrate("lib/db/migrations");
  await second.ping();
  assert.deepEqual((await second.list()).map((prompt) => prompt.title), ["One"]);
  await second.close();
  await assert.rejects(second.ping());
});

test("a token of somebody else is no token", () => {
  assert.equal(verify(sign("Ada.B", "secret"), "secret"), "Ada.B");
  assert.equal(verify(sign("Ada", "other"), "secret"), undefined);
  assert.equal(verify("Ada", "secret"), undefined);
});

test("requests are counted by route and status", () => {
  count("/api/prompts", 200);
  count("/api/prompts", 200);
  assert.match(exposition(), /^http_requests_total\{route="\/api\/prompts",status="200"\} 2$/m);
});
