import { text } from "../../../lib/metrics.ts";

export const dynamic = "force-dynamic";

export function GET() {
  const type = { "content-type": "text/plain; version=0.0.4" };
  return new Response(text(process.memoryUsage.rss(), process.uptime()), { headers: type });
}
