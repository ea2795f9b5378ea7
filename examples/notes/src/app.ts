// Routes of the notes, on node's own HTTP server; where notes are kept is a part that tests replace.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

export type Note = { id: number; text: string };
export type Notes = { list(): Promise<Note[]>; add(text: string): Promise<Note> };

const maxBytes = 64 * 1024;

class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** The text of a new note: a JSON object with one string. */
async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new Refused(413, "a note has at most 64 KiB");
    chunks.push(chunk);
  }
  try {
    const { text } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { text?: unknown };
    if (typeof text === "string" && text.trim() !== "") return text;
  } catch {
    // Falls through: the answer is the same.
  }
  throw new Refused(400, 'expected an object with a "text"');
}

/** The server, not yet listening. */
export function createApp(notes: Notes): Server {
  const counts = new Map<number, number>();
  const metrics = () =>
    ["# HELP http_requests_total Requests answered.", "# TYPE http_requests_total counter"]
      .concat([...counts].map(([status, count]) => `http_requests_total{status="${status}"} ${count}`))
      .join("\n") + "\n";

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split("?")[0] ?? "/";
    switch (`${request.method} ${path}`) {
      case "GET /health":
        return answer(response, 200, { status: "healthy" });
      case "GET /metrics":
        response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(metrics());
        return;
      case "GET /":
      case "GET /notes":
        return answer(response, 200, await notes.list());
      case "POST /notes":
        return answer(response, 201, await notes.add(await readText(request)));
      default:
        throw new Refused(404, "no such address");
    }
  }

  return createServer((request, response) => {
    response.once("finish", () => counts.set(response.statusCode, (counts.get(response.statusCode) ?? 0) + 1));
    route(request, response).catch((error: unknown) => {
      if (error instanceof Refused) return answer(response, error.status, { error: error.message });
      console.error(JSON.stringify({ level: "error", message: error instanceof Error ? error.name : "unknown error" }));
      return answer(response, 500, { error: "internal error" });
    });
  });
}
