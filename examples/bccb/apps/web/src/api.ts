// What the page asks of the API.

export type Credential = { id: string; title: string; status: "DRAFT" | "PUBLISHED" | "ARCHIVED" };
export type Page = { page: number; limit: number; items: Credential[] };
export type Health = { status: string; version: string; services: Record<string, string> };

/** Asks below `base`; anything but success is an error with the status in its message. */
export function createApi(base: string, request: typeof fetch = (...args) => fetch(...args)) {
  async function get<T>(path: string): Promise<T> {
    const answer = await request(`${base.replace(/\/$/, "")}${path}`);
    if (!answer.ok) throw new Error(`the API answered ${answer.status}`);
    return (await answer.json()) as T;
  }
  return {
    credentials: (page: number) => get<Page>(`/credentials?page=${page}`),
    health: () => get<Health>("/health"),
  };
}

export type Api = ReturnType<typeof createApi>;
