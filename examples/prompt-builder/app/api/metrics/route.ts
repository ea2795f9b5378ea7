import { exposition } from "../../../lib/metrics.ts";

export const dynamic = "force-dynamic";

export function GET(): Response {
  return new Response(exposition(), { headers: { "content-type": "text/plain; version=0.0.4" } });
}
