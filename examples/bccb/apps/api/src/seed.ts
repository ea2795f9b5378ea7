// Fills an empty database with examples; a second run changes nothing.
import { forgetLists } from "./cache.ts";
import { connectDatabase, type NewCredential } from "./database.ts";
import { readDatabaseUrl } from "./env.ts";
import { createLog, reason, type Log } from "./log.ts";
import { createMetrics } from "./metrics.ts";

const examples: [string, NewCredential][] = [
  ["00000000-0000-4000-8000-000000000001", { title: "Data analysis with Python", description: "Statistics and Python for data analysis.", status: "PUBLISHED" }],
  ["00000000-0000-4000-8000-000000000002", { title: "Cloud operations", description: "Docker, Kubernetes and monitoring of services.", status: "PUBLISHED" }],
  ["00000000-0000-4000-8000-000000000003", { title: "Project leadership", description: "Communication and project management in teams.", status: "DRAFT" }],
];

/** Writes the examples that are missing; gives how many there are. Stored lists are dropped if there is a cache. */
export async function seed(url: string, cacheUrl: string | undefined, log: Log): Promise<number> {
  const database = connectDatabase(url, 1, createMetrics());
  try {
    for (const [id, credential] of examples) await database.ensure(id, credential);
    if (cacheUrl) await forgetLists(cacheUrl, log);
    return examples.length;
  } finally {
    await database.close();
  }
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) {
  const log = createLog("info");
  try {
    const count = await seed(readDatabaseUrl(process.env), process.env.REDIS_URL, log);
    log.info("examples are in the database", { examples: count });
  } catch (error) {
    log.error("seeding failed", { reason: reason(error) });
    process.exitCode = 1;
  }
}
