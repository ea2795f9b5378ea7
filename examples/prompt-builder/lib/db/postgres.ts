// Many writers, one server.
import { desc, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import { integer, pgTable, text } from "drizzle-orm/pg-core";
import pg from "pg";
import type { Store } from "./store.ts";

export const prompts = pgTable("prompts", {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  title: text().notNull(),
  body: text().notNull(),
});

export function open(url: string): Store {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  const database = drizzle(pool);
  return {
    list: () => database.select().from(prompts).orderBy(desc(prompts.id)).limit(100),
    add: async (title, body) => {
      const [added] = await database.insert(prompts).values({ title, body }).returning();
      if (!added) throw new Error("the database returned nothing");
      return added;
    },
    ping: async () => void (await database.execute(sql`SELECT 1`)),
    migrate: (folder) => migrate(database, { migrationsFolder: `${folder}/postgres` }),
    close: () => pool.end(),
  };
}
