// What the program reads; the start-up check of the image has held it against the contract.
const read = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};

export const env = {
  port: Number(read("PORT")),
  uploads: read("UPLOADS"),
  database: read("DATABASE_URL"),
  readable: read("READ_URL"),
  redis: new URL(read("REDIS_URL")),
  sentinels: process.env.REDIS_SENTINELS,
  group: process.env.REDIS_GROUP ?? "primary",
  ollama: read("OLLAMA_BASE_URL"),
  secret: read("JWT_SECRET"),
};
