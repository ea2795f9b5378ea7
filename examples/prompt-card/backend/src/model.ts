// The language model, asked over HTTP; tried again when it does not answer.

export type Ask = (prompt: string) => Promise<string>;
type Settings = { url: string; timeout: number; attempts: number };

/** Whether an address answers in time. */
export async function answers(address: string, timeout: number): Promise<boolean> {
  return fetch(address, { signal: AbortSignal.timeout(timeout) }).then(
    (answer) => answer.ok,
    () => false,
  );
}

export function createAsk(settings: Settings, request: typeof fetch = fetch): Ask {
  const once = async (prompt: string): Promise<string> => {
    const answer = await request(`${settings.url}/api/generate`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "llama3.2:1b", prompt, stream: false }),
      signal: AbortSignal.timeout(settings.timeout),
    });
    if (!answer.ok) throw new Error(`the model answered with ${answer.status}`);
    return ((await answer.json()) as { response: string }).response;
  };
  return async (prompt) => {
    let last: unknown;
    for (let attempt = 0; attempt < settings.attempts; attempt += 1) {
      try {
        return await once(prompt);
      } catch (error) {
        last = error;
      }
    }
    throw last;
  };
}
