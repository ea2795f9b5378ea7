// The settings of the API, read from the environment once and checked before anything starts.

export const levels = ["error", "warn", "info", "debug"] as const;
export type Level = (typeof levels)[number];

const databaseSchemes = ["postgresql:", "postgres:"];

/** Groups of settings that only work together; the API runs without any of them. */
const optional = {
  sentry: ["SENTRY_DSN"],
  smtp: ["SMTP_HOST", "SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD"],
  aws: ["AWS_REGION", "AWS_BUCKET", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
} as const;

/** Every message names a variable and never its value. */
export class EnvError extends Error {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(`the environment is not usable: ${problems.join("; ")}`);
    this.problems = problems;
  }
}

class Reader {
  readonly problems: string[] = [];
  private readonly source: NodeJS.ProcessEnv;
  constructor(source: NodeJS.ProcessEnv) {
    this.source = source;
  }

  text(name: string, fallback?: string): string {
    const value = this.source[name] || fallback;
    if (value === undefined) this.problems.push(`${name} is missing`);
    return value ?? "";
  }

  number(name: string, fallback: number, least = 1): number {
    const text = this.text(name, String(fallback));
    const good = /^\d{1,15}$/.test(text) && Number(text) >= least;
    if (!good) this.problems.push(`${name} is not a whole number of at least ${least}`);
    return Number(text);
  }

  url(name: string, schemes: string[]): string {
    const text = this.text(name);
    if (text && !(URL.canParse(text) && schemes.includes(new URL(text).protocol)))
      this.problems.push(`${name} is not an address that starts with ${schemes.map((s) => `${s}//`).join(" or ")}`);
    return text;
  }

  one<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const text = this.text(name, fallback).toLowerCase();
    const found = allowed.find((value) => value === text);
    if (!found) this.problems.push(`${name} is not one of ${allowed.join(", ")}`);
    return found ?? fallback;
  }

  /** The names of the optional groups that are complete; half a group is a problem. */
  groups(): string[] {
    return Object.entries(optional).flatMap(([group, names]) => {
      const missing = names.filter((name) => !this.source[name]);
      if (missing.length === names.length) return [];
      for (const name of missing) this.problems.push(`${name} is missing, but other settings of ${group} are present`);
      return [group];
    });
  }
}

/** The one setting that the database scripts need. */
export function readDatabaseUrl(source: NodeJS.ProcessEnv): string {
  const reader = new Reader(source);
  const url = reader.url("DATABASE_URL", databaseSchemes);
  if (reader.problems.length > 0) throw new EnvError(reader.problems);
  return url;
}

export type Env = ReturnType<typeof readEnv>;

/** Reads and checks all settings; throws one error with all problems. */
export function readEnv(source: NodeJS.ProcessEnv) {
  const reader = new Reader(source);
  const env = {
    mode: reader.one("NODE_ENV", ["development", "test", "production"], "development"),
    port: reader.number("API_PORT", 3000),
    databaseUrl: reader.url("DATABASE_URL", databaseSchemes),
    databasePoolSize: reader.number("DATABASE_POOL_SIZE", 10),
    redisUrl: reader.url("REDIS_URL", ["redis:", "rediss:"]),
    redisMaxRetries: reader.number("REDIS_MAX_RETRIES", 3, 0),
    aiServiceUrl: reader.url("AI_SERVICE_URL", ["http:", "https:"]),
    jwtSecret: reader.text("JWT_SECRET"),
    jwtExpiresIn: reader.number("JWT_EXPIRES_IN", 900),
    refreshTokenExpiresIn: reader.number("REFRESH_TOKEN_EXPIRES_IN", 604_800),
    allowedOrigins: reader.text("ALLOWED_ORIGINS").split(",").map((origin) => origin.trim()),
    rateLimitWindowMs: reader.number("RATE_LIMIT_WINDOW_MS", 3_600_000),
    rateLimitMaxRequests: reader.number("RATE_LIMIT_MAX_REQUESTS", 1000),
    logLevel: reader.one("LOG_LEVEL", levels, "info"),
    integrations: reader.groups(),
  };
  if (env.jwtSecret && env.jwtSecret.length < 32) reader.problems.push("JWT_SECRET is shorter than 32 characters");
  if (reader.problems.length > 0) throw new EnvError(reader.problems);
  return env;
}
