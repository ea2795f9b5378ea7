// Cards in one SQLite file. In write-ahead mode the old and the new version of a release can read and write side by side.
import { DatabaseSync } from "node:sqlite";

export type Card = { id: number; title: string; prompt: string };
export type Database = ReturnType<typeof openDatabase>;

/** Steps from one form of the file to the next; the file remembers how many were taken. */
const migrations = [
  "CREATE TABLE cards (id INTEGER PRIMARY KEY, title TEXT NOT NULL, prompt TEXT NOT NULL) STRICT",
  "CREATE INDEX cards_by_title ON cards (title)",
];

export function openDatabase(path: string) {
  const database = new DatabaseSync(path, { timeout: 5000 });
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
  const version = () => Number(database.prepare("PRAGMA user_version").get()?.user_version ?? 0);
  return {
    version,
    isCurrent: () => version() === migrations.length,
    /** Brings the file up to date; how many steps that took. */
    migrate(): number {
      const before = version();
      for (const [index, step] of migrations.entries()) {
        if (index < before) continue;
        database.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${index + 1}; COMMIT`);
      }
      return migrations.length - before;
    },
    cards: () => database.prepare("SELECT id, title, prompt FROM cards ORDER BY id").all() as Card[],
    card: (id: number) =>
      database.prepare("SELECT id, title, prompt FROM cards WHERE id = ?").get(id) as Card | undefined,
    add(title: string, prompt: string): Card {
      const added = database.prepare("INSERT INTO cards (title, prompt) VALUES (?, ?)").run(title, prompt);
      return { id: Number(added.lastInsertRowid), title, prompt };
    },
    close() {
      database.exec("PRAGMA optimize");
      database.close();
    },
  };
}
