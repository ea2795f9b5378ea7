// Notes in PostgreSQL.
import pg from "pg";
import type { Note, Notes } from "./app.ts";

/** Connects, and makes the table on an empty database. */
export async function openNotes(url: string): Promise<Notes & { close(): Promise<void> }> {
  const pool = new pg.Pool({ connectionString: url, max: 5 });
  // A connection that breaks while nobody uses it must not end the process.
  pool.on("error", () => undefined);
  await pool.query("CREATE TABLE IF NOT EXISTS note (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL)");
  return {
    list: async () => (await pool.query<Note>("SELECT id, text FROM note ORDER BY id LIMIT 1000")).rows,
    add: async (text) => {
      const [note] = (await pool.query<Note>("INSERT INTO note (text) VALUES ($1) RETURNING id, text", [text])).rows;
      if (!note) throw new Error("the database returned no row");
      return note;
    },
    close: () => pool.end(),
  };
}
