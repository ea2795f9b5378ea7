// What the API counts, in the text format of Prometheus.

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const counts = new Map<string, number>();
  return {
    count(method: string, status: number) {
      const key = `{method="${method}",status="${status}"}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    text(): string {
      const lines = [...counts].map(([labels, count]) => `http_requests_total${labels} ${count}`);
      const head = ["# HELP http_requests_total Requests answered.", "# TYPE http_requests_total counter"];
      const memory = ["# TYPE process_resident_memory_bytes gauge", `process_resident_memory_bytes ${process.memoryUsage.rss()}`];
      return [...head, ...lines, ...memory, ""].join("\n");
    },
  };
}
