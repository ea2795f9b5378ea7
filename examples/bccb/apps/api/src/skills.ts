// The AI service: skills from a text.

export type Skills = ReturnType<typeof connectSkills>;

export function connectSkills(base: string, timeoutMs = 5000) {
  const address = (path: string) => `${base.replace(/\/$/, "")}${path}`;
  async function ask(path: string, init: RequestInit, limit: number): Promise<Response> {
    const answer = await fetch(address(path), { ...init, signal: AbortSignal.timeout(limit) });
    if (!answer.ok) throw new Error(`the AI service answered ${answer.status}`);
    return answer;
  }
  return {
    async extract(text: string): Promise<string[]> {
      const headers = { "content-type": "application/json" };
      const answer = await ask("/skills", { method: "POST", headers, body: JSON.stringify({ text }) }, timeoutMs);
      const body = (await answer.json()) as { skills: string[] };
      return body.skills;
    },
    async ping() {
      await ask("/health", {}, 1000);
    },
  };
}
