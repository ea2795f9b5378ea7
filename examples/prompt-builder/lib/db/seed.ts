// Adds examples to an empty database.
import { store } from "./store.ts";

const database = await store();
if ((await database.list()).length === 0) {
  await database.add("Summary", "Summarise the text below in three sentences.");
  await database.add("Review", "Name what is unclear in the text below, and why.");
}
await database.close();
