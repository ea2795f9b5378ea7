// One JSON object a line on standard output.
import { type Level, levels } from "./env.ts";

export type Log = (level: Level, message: string, fields?: Record<string, unknown>) => void;

export function createLog(least: Level): Log {
  return (level, message, fields = {}) => {
    if (levels.indexOf(level) > levels.indexOf(least)) return;
    console.log(JSON.stringify({ time: new Date().toISOString(), level, message, ...fields }));
  };
}
