// Structured log lines: one JSON object a line on the standard output, never a secret.
import { levels, type Level } from "./env.ts";

export type Fields = Record<string, string | number | boolean | undefined>;
export type Log = Record<Level, (message: string, fields?: Fields) => void>;

/** A log that leaves out what is less important than `threshold`. */
export function createLog(threshold: Level, write: (line: string) => void = (line) => process.stdout.write(line)): Log {
  const at = (level: Level) => (message: string, fields: Fields = {}) => {
    if (levels.indexOf(level) > levels.indexOf(threshold)) return;
    const head = { timestamp: new Date().toISOString(), level: level.toUpperCase(), service: "api", message };
    write(`${JSON.stringify({ ...head, ...fields })}\n`);
  };
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
}

/** The message of whatever was thrown, in one line and without the password of an address that a driver may quote. */
export function reason(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replace(/\/\/[^@\s/]*@/g, "//***@").replace(/\s+/g, " ").trim();
}
