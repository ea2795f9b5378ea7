// The API as the page sees it. Its address is baked in when the page is built.

export type Card = { id: number; title: string; prompt: string };

export function address(path: string, base = process.env.NEXT_PUBLIC_API_URL ?? ""): string {
  return `${base.replace(/\/+$/, "")}${path}`;
}

export async function load(request: typeof fetch = fetch): Promise<Card[]> {
  const answer = await request(address("/api/cards"));
  if (!answer.ok) throw new Error(`the cards cannot be loaded: ${answer.status}`);
  return (await answer.json()) as Card[];
}

export async function run(id: number, request: typeof fetch = fetch): Promise<string> {
  const answer = await request(address(`/api/cards/${id}/run`), { method: "POST" });
  if (!answer.ok) throw new Error(`the card cannot be run: ${answer.status}`);
  return ((await answer.json()) as { answer: string }).answer;
}
