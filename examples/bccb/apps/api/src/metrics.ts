// What the API counts and measures, in the text format of Prometheus.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

export type Metrics = ReturnType<typeof createMetrics>;

/** A registry of its own, so that tests do not share numbers. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  let hits = 0;
  let lookups = 0;
  const labelNames = ["method", "route", "status"] as const;
  return {
    registry,
    requests: new Counter({ name: "http_requests_total", help: "Requests answered.", labelNames, registers }),
    requestSeconds: new Histogram({
      name: "http_request_duration_seconds",
      help: "Time to answer a request.",
      labelNames,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
      registers,
    }),
    querySeconds: new Histogram({
      name: "database_query_duration_seconds",
      help: "Time of a query as the API sees it.",
      labelNames: ["operation"] as const,
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
      registers,
    }),
    connections: new Gauge({ name: "active_connections", help: "Open connections of clients.", registers }),
    hitRate: new Gauge({
      name: "cache_hit_rate",
      help: "Part of the cache look-ups since the start that found an answer.",
      registers,
      collect() {
        this.set(lookups === 0 ? 0 : hits / lookups);
      },
    }),
    lookup(hit: boolean) {
      lookups += 1;
      if (hit) hits += 1;
    },
  };
}
