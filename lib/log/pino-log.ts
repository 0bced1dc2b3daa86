import { pino } from "pino";
import type { Log } from "./log.js";

export const logLevels = ["debug", "info", "warn", "error"] as const;

/** A log of JSON lines on stderr; written at once, so that nothing is lost or kept open at the end. */
export function createLog(level: (typeof logLevels)[number]): Log {
  return pino({ level, base: null }, pino.destination({ dest: 2, sync: true }));
}
