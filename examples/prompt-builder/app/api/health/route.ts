import { store } from "../../../lib/db/store.ts";

export const dynamic = "force-dynamic";

/** 200 while the database answers, else 503. */
export async function GET(): Promise<Response> {
  const timestamp = new Date().toISOString();
  try {
    await (await store()).ping();
    return Response.json({ status: "healthy", timestamp, database: "connected" });
  } catch (error) {
    console.error(JSON.stringify({ level: "error", message: "health", error: String(error) }));
    return Response.json({ status: "unhealthy", timestamp, database: "disconnected" }, { status: 503 });
  }
}
