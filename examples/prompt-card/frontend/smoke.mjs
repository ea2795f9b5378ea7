// Asks a running page for what people need first. `NEXT_HOST` is the host of a version that is being released.
const base = `http://${process.env.NEXT_HOST ?? "localhost"}:${process.env.PORT ?? 3000}`;

for (const path of ["/health", "/"]) {
  const answer = await fetch(base + path, { signal: AbortSignal.timeout(5000) });
  if (!answer.ok) throw new Error(`${path} answers with ${answer.status}`);
  console.log(`${path}: ${answer.status}`);
}
