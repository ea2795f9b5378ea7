// What the program reads of its environment. A secret may come as a file: NAME_FILE holds its path.
import { readFileSync } from "node:fs";

function secret(name, env) {
  const file = env[`${name}_FILE`];
  const value = file ? readFileSync(file, "utf8").trim() : env[name];
  if (!value) throw new Error(`${name} is not set, and ${name}_FILE neither`);
  return value;
}

export function settings(env = process.env) {
  const key = secret("ENCRYPTION_KEY", env);
  if (Buffer.byteLength(key) !== 32) throw new Error("ENCRYPTION_KEY needs exactly 32 characters");
  return {
    port: Number(env.PORT ?? 8000),
    databaseUrl: secret("DATABASE_URL", env),
    poolSize: Number(env.DATABASE_POOL_SIZE ?? 10),
    redisUrl: secret("REDIS_URL", env),
    signingKey: secret("JWT_SECRET", env),
    encryptionKey: Buffer.from(key),
    origin: env.CORS_ORIGIN ?? "http://localhost:8000",
    frontendUrl: env.FRONTEND_URL ?? "http://localhost:8000",
    level: env.LOG_LEVEL ?? "info",
    storage: env.STORAGE_DIR ?? "data",
    pages: env.PAGES_DIR ?? "",
  };
}
