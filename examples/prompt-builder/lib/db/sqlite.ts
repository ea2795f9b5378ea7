// One writer, one file.
import Database from "better-sqlite3";
import { desc, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Store } from "./store.ts";

export const prompts = sqliteTable("prompts", {
  id: integer().primaryKey({ autoIncrement: true }),
  title: text().notNull(),
  body: text().notNull(),
});

export function open(file: string): Store {
  const client = new Database(file);
  client.pragma("journal_mode = WAL");
  client.pragma("synchronous = NORMAL");
  client.pragma("cache_size = -64000");
  client.pragma("temp_store = MEMORY");
  client.pragma("mmap_size = 268435456");
  client.pragma("busy_timeout = 5000");
  const database = drizzle(client);
  return {
    list: async () => database.select().from(prompts).orderBy(desc(prompts.id)).limit(100).all(),
    add: async (title, body) => database.insert(prompts).values({ title, body }).returning().get(),
    ping: async () => void database.get(sql`SELECT 1`),
    migrate: async (folder) => migrate(database, { migrationsFolder: `${folder}/sqlite` }),
    close: async () => void client.close(),
  };
}
