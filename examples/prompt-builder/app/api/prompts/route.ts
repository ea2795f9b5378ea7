import { store } from "../../../lib/db/store.ts";
import { count } from "../../../lib/metrics.ts";
import { verify } from "../../../lib/session.ts";

export const dynamic = "force-dynamic";

function answer(body: unknown, status = 200): Response {
  count("/api/prompts", status);
  return Response.json(body, { status });
}

export async function GET(): Promise<Response> {
  return answer(await (await store()).list());
}

/** Adds a prompt; with accounts turned on, only for people who are known. */
export async function POST(request: Request): Promise<Response> {
  const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
  const known = verify(token, process.env.NEXTAUTH_SECRET ?? "");
  if (process.env.NEXT_PUBLIC_ENABLE_AUTH === "true" && !known) return answer({ error: "who are you?" }, 401);
  if (request.headers.get("origin") !== process.env.NEXTAUTH_URL) return answer({ error: "not from here" }, 403);
  const { title, body } = await request.json().catch(() => ({}));
  if (typeof title !== "string" || typeof body !== "string" || !title.trim()) {
    return answer({ error: "expected a title and a body" }, 400);
  }
  return answer(await (await store()).add(title.trim(), body), 201);
}
