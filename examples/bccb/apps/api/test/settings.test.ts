// Settings, tokens, log lines and the order of migrations.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EnvError, readEnv } from "../src/env.ts";
import { issue, verify } from "../src/jwt.ts";
import { createLog, reason } from "../src/log.ts";
import { pending, readMigrations } from "../src/migrate.ts";
import { environment } from "./fakes.ts";

function problems(source: NodeJS.ProcessEnv): string[] {
  try {
    readEnv(source);
    return [];
  } catch (error) {
    assert.ok(error instanceof EnvError);
    return error.problems;
  }
}

test("all problems are named at once, and no value is shown", () => {
  const found = problems({ ...environment, DATABASE_URL: undefined, API_PORT: "99x", JWT_SECRET: "short" });
  assert.deepEqual(found, [
    "API_PORT is not a whole number of at least 1",
    "DATABASE_URL is missing",
    "JWT_SECRET is shorter than 32 characters",
  ]);
});

test("half a group of optional settings is a problem", () => {
  assert.deepEqual(problems({ ...environment, SENTRY_DSN: "https://sentry.example.com/1" }), []);
  const found = problems({ ...environment, SMTP_HOST: "a", SMTP_PORT: "1", SMTP_USER: "b" });
  assert.deepEqual(found, ["SMTP_PASSWORD is missing, but other settings of smtp are present"]);
});

test("a token is good for its use, its secret and its time", () => {
  const token = issue("ada", "access", 60, "secret", 0);
  assert.equal(verify(token, "access", "secret", 59_000), "ada");
  assert.equal(verify(token, "access", "secret", 60_000), undefined);
  assert.equal(verify(token, "refresh", "secret", 0), undefined);
  assert.equal(verify(token, "access", "other", 0), undefined);
  assert.equal(verify("a.b.c", "access", "secret"), undefined);
});

test("the log leaves out what is below its level, and passwords of addresses", () => {
  const lines: string[] = [];
  const log = createLog("warn", (line) => lines.push(line));
  log.info("no");
  log.error("yes", { statusCode: 500 });
  assert.equal(lines.length, 1);
  assert.equal(JSON.parse(lines[0] ?? "").level, "ERROR");
  assert.equal(reason(new Error("\ncannot  reach postgresql://u:p@db:5432/x")), "cannot reach postgresql://***@db:5432/x");
});

test("migrations apply once and must not change afterwards", async () => {
  const migrations = await readMigrations();
  const first = migrations[0];
  assert.ok(first);
  assert.match(first.sql, /idx_credentials_status/);
  assert.equal(pending(migrations, new Map()).length, migrations.length);
  assert.equal(pending([first], new Map([[first.name, first.checksum]])).length, 0);
  assert.throws(() => pending([first], new Map([[first.name, "other"]])), /was edited/);
});
