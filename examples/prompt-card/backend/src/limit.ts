// Requests of one client in one window of time.

export type Limit = (client: string) => boolean;

export function createLimit(settings: { window: number; most: number }, now: () => number = Date.now): Limit {
  let counts = new Map<string, number>();
  let until = 0;
  return (client) => {
    if (now() >= until) {
      counts = new Map();
      until = now() + settings.window;
    }
    const count = (counts.get(client) ?? 0) + 1;
    counts.set(client, count);
    return count <= settings.most;
  };
}
