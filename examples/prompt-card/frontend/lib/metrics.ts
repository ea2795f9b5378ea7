// What the page's server measures, in the text format of Prometheus.

export function text(memory: number, uptime: number): string {
  return [
    "# TYPE process_resident_memory_bytes gauge",
    `process_resident_memory_bytes ${memory}`,
    "# TYPE process_uptime_seconds gauge",
    `process_uptime_seconds ${Math.floor(uptime)}`,
    "",
  ].join("\n");
}
