// What the service measures, in the text format of Prometheus.
const bounds = [0.01, 0.05, 0.1, 0.5, 1, 5];
const buckets = new Map<number, number>(bounds.map((bound) => [bound, 0]));
const requests = new Map<number, number>();
let seconds = 0;
let count = 0;
let connections = 0;

export const connected = (change: 1 | -1): void => void (connections += change);

export function answered(status: number, duration: number): void {
  requests.set(status, (requests.get(status) ?? 0) + 1);
  seconds += duration;
  count += 1;
  for (const bound of bounds) if (duration <= bound) buckets.set(bound, (buckets.get(bound) ?? 0) + 1);
}

export const exposition = (): string =>
  [
    "# TYPE active_connections gauge",
    `active_connections ${connections}`,
    "# TYPE http_requests_total counter",
    ...[...requests].map(([status, number]) => `http_requests_total{status="${status}"} ${number}`),
    "# TYPE http_request_duration_seconds histogram",
    ...[...buckets].map(([bound, number]) => `http_request_duration_seconds_bucket{le="${bound}"} ${number}`),
    `http_request_duration_seconds_bucket{le="+Inf"} ${count}`,
    `http_request_duration_seconds_sum ${seconds}`,
    `http_request_duration_seconds_count ${count}`,
    "",
  ].join("\n");
