// The websocket at /api/ws: greets, sends back what it gets, and drops peers that do not answer a ping.
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";

export const socketPath = "/api/ws";

/** Gives a function that says goodbye to all peers. */
export function attachSocket(server: Server, allowedOrigins: string[], heartbeatMs = 30_000): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 });
  const alive = new WeakSet<WebSocket>();

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { origin } = request.headers;
    const path = request.url?.split("?")[0];
    if (path !== socketPath) return socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
    // Programs send no origin; a page of another site must not speak in the name of its reader.
    if (origin && !allowedOrigins.includes(origin)) return socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
    sockets.handleUpgrade(request, socket, head, (peer) => sockets.emit("connection", peer));
  });

  sockets.on("connection", (peer: WebSocket) => {
    alive.add(peer);
    peer.on("error", () => peer.terminate());
    peer.on("pong", () => alive.add(peer));
    peer.on("message", (data, binary) => peer.send(data, { binary }));
    peer.send(JSON.stringify({ event: "welcome", heartbeat: heartbeatMs }));
  });

  const heartbeat = setInterval(() => {
    for (const peer of sockets.clients) {
      if (!alive.delete(peer)) peer.terminate();
      else peer.ping();
    }
  }, heartbeatMs);

  return () => {
    clearInterval(heartbeat);
    for (const peer of sockets.clients) peer.close(1001, "the server stops");
  };
}
