// The settings, read once. What each variable must hold is the contract in `main.stack`: the compiler and the image's
// start-up check hold the values against it, so this file only turns texts into types.

export const levels = ["error", "warn", "info", "debug"] as const;
export type Level = (typeof levels)[number];

export type Env = ReturnType<typeof readEnv>;

export function readEnv(source: NodeJS.ProcessEnv) {
  const number = (name: string, fallback: number) => Number(source[name] || fallback);
  const flag = (name: string, fallback: boolean) => (source[name] ? source[name] === "true" : fallback);
  return {
    mode: source.NODE_ENV ?? "development",
    port: number("PORT", 3001),
    level: levels.find((level) => level === source.LOG_LEVEL) ?? "info",
    database: source.DATABASE_PATH ?? ":memory:",
    backups: source.DATABASE_BACKUP_PATH ?? "backups",
    ollama: {
      url: source.OLLAMA_BASE_URL ?? "",
      timeout: number("OLLAMA_TIMEOUT", 30_000),
      attempts: number("OLLAMA_RETRY_ATTEMPTS", 3),
    },
    jwtSecret: source.JWT_SECRET ?? "",
    limit: { window: number("RATE_LIMIT_WINDOW_MS", 900_000), most: number("RATE_LIMIT_MAX_REQUESTS", 100) },
    metrics: flag("ENABLE_METRICS", true),
    isCompressed: flag("ENABLE_COMPRESSION", true),
    healthTimeout: number("HEALTH_CHECK_TIMEOUT", 5000),
    cors: flag("ENABLE_CORS", false) ? (source.CORS_ORIGIN ?? "") : "",
    redis: source.REDIS_URL ?? "",
    ttl: number("CACHE_TTL", 3600),
  };
}
