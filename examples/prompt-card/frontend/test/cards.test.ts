import assert from "node:assert/strict";
import { test } from "node:test";
import { address, load, run } from "../lib/cards.ts";
import { text } from "../lib/metrics.ts";

test("addresses have one slash, whatever the base ends in", () => {
  assert.equal(address("/api/cards", ""), "/api/cards");
  assert.equal(address("/api/cards", "https://example.com/"), "https://example.com/api/cards");
});

test("cards are loaded and run, and failures are told", async () => {
  const cards = [{ id: 1, title: "a", prompt: "b" }];
  assert.deepEqual(await load((async () => Response.json(cards)) as typeof fetch), cards);
  assert.equal(await run(1, (async () => Response.json({ answer: "c" })) as typeof fetch), "c");
  const away = (async () => new Response("", { status: 502 })) as typeof fetch;
  await assert.rejects(load(away), /502/);
  await assert.rejects(run(1, away), /502/);
});

test("metrics are whole numbers", () => {
  assert.match(text(5, 1.5), /^process_uptime_seconds 1$/m);
});
