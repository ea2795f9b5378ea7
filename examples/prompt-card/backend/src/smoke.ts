// Asks a running API for what people need first. `NEXT_HOST` is the host of a version that is being released.
const host = process.env.NEXT_HOST ?? "localhost";
const base = `http://${host}:${process.env.PORT ?? 3001}`;

for (const path of ["/health", "/health/ready", "/api/cards"]) {
  const answer = await fetch(base + path, { signal: AbortSignal.timeout(5000) });
  if (!answer.ok) throw new Error(`${path} answers with ${answer.status}`);
  console.log(`${path}: ${answer.status}`);
}
