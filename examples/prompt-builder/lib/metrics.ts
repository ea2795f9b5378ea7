// Numbers for Prometheus, in its text format.
const counts = new Map<string, number>();

export function count(route: string, status: number): void {
  const key = `route="${route}",status="${status}"`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

export function exposition(): string {
  const lines = [...counts].map(([labels, number]) => `http_requests_total{${labels}} ${number}`);
  return ["# TYPE http_requests_total counter", ...lines, ""].join("\n");
}
