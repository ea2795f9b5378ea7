// A copy of the database that is whole at one moment, proven before it gets its name; old copies go.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";

/** Days that a copy is kept. */
const days = 30;

export async function save(source: string, folder: string, now = new Date()): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const name = join(folder, `cards-${now.toISOString().replaceAll(/[:.]/g, "-")}.sqlite`);
  const part = `${name}.part`;
  const database = new DatabaseSync(source, { readOnly: true });
  await backup(database, part);
  database.close();
  const copy = new DatabaseSync(part);
  const verdict = copy.prepare("PRAGMA integrity_check").get()?.integrity_check;
  copy.close();
  if (verdict !== "ok") throw new Error(`the copy is not whole: ${String(verdict)}`);
  renameSync(part, name);
  for (const old of readdirSync(folder).map((file) => join(folder, file)))
    if (old.endsWith(".sqlite") && now.getTime() - statSync(old).mtimeMs > days * 86_400_000) rmSync(old);
  return name;
}
