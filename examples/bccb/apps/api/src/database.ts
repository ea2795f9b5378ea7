// The record of credentials: the only module that talks to PostgreSQL through Prisma.
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient, type CredentialStatus } from "#client";
import type { Metrics } from "./metrics.ts";

export type NewCredential = { title: string; description?: string; status?: CredentialStatus };
export type Database = ReturnType<typeof connectDatabase>;

export const pageSize = 20;

/** A pool of at most `size` connections, opened when first needed. */
export function connectDatabase(url: string, size: number, metrics: Metrics) {
  const pool = { connectionString: url, max: size, connectionTimeoutMillis: 5000, application_name: "bccb-api" };
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });

  async function timed<T>(operation: string, query: () => Promise<T>): Promise<T> {
    const stop = metrics.querySeconds.startTimer({ operation });
    try {
      return await query();
    } finally {
      stop();
    }
  }

  return {
    /** One page, newest first; only what a list shows. */
    list(page: number, status?: CredentialStatus) {
      return timed("list", () =>
        prisma.microCredential.findMany({
          ...(status ? { where: { status } } : {}),
          select: { id: true, title: true, status: true },
          orderBy: [{ createdAt: "desc" }, { id: "asc" }],
          skip: (page - 1) * pageSize,
          take: pageSize,
        }),
      );
    },
    find(id: string) {
      return timed("find", () => prisma.microCredential.findUnique({ where: { id } }));
    },
    create(data: NewCredential) {
      return timed("create", () => prisma.microCredential.create({ data }));
    },
    /** Writes an example under its fixed identifier; a second time changes nothing. */
    async ensure(id: string, data: NewCredential) {
      await timed("ensure", () => prisma.microCredential.upsert({ where: { id }, create: { id, ...data }, update: {} }));
    },
    async ping() {
      await timed("ping", () => prisma.$queryRaw`SELECT 1`);
    },
    close: () => prisma.$disconnect(),
  };
}
