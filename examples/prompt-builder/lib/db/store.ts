// What the program asks of a database, whichever it is.
export interface Prompt {
  id: number;
  title: string;
  body: string;
}

export interface Store {
  list(): Promise<Prompt[]>;
  add(title: string, body: string): Promise<Prompt>;
  /** Fails when the database does not answer. */
  ping(): Promise<void>;
  /** Applies the migrations in a folder that were not applied yet. */
  migrate(folder: string): Promise<void>;
  close(): Promise<void>;
}

/** A path is a file of SQLite, a URL a server of PostgreSQL. */
export async function openStore(place: string): Promise<Store> {
  const shared = /^postgres(ql)?:/.test(place);
  const { open } = shared ? await import("./postgres.ts") : await import("./sqlite.ts");
  return open(place);
}

/** The store of this process. */
let opened: Promise<Store> | undefined;
export function store(): Promise<Store> {
  return (opened ??= openStore(process.env.DATABASE_URL ?? "data/app.db"));
}
