// The websocket over a real connection.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { WebSocket } from "ws";
import { attachSocket } from "../src/socket.ts";

async function start() {
  const server = createServer();
  const close = attachSocket(server, ["https://bccb.example.com"], 50);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, close, base: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test("greets, echoes, pings and says goodbye", async () => {
  const { server, close, base } = await start();
  const peer = new WebSocket(`${base}/api/ws`);
  const [welcome] = await once(peer, "message");
  assert.equal(JSON.parse(String(welcome)).event, "welcome");
  peer.send("hello");
  const [echo] = await once(peer, "message");
  assert.equal(String(echo), "hello");
  await once(peer, "ping");
  const closed = once(peer, "close");
  close();
  assert.equal((await closed)[0], 1001);
  server.close();
});

test("other paths and pages of other sites are refused", async () => {
  const { server, close, base } = await start();
  for (const [path, origin, status] of [["/other", undefined, 404], ["/api/ws", "https://evil.example.org", 403]] as const) {
    const peer = new WebSocket(base + path, origin ? { origin } : {});
    const [error] = await once(peer, "error");
    assert.match(String(error), new RegExp(String(status)));
  }
  close();
  server.close();
});
