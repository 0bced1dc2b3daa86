import { pino } from "pino";
import type { Log } from "./log.js";

export const logLevels = ["debug", "info", "warn", "error"] as const;

/**
 * A log of JSON lines on stderr; written at once, so that nothing is lost or kept open at the end.
 *
 * @param fields of every line
 */
export function createLog(level: (typeof logLevels)[number], fields: object = {}): Log {
  return pino({ level, base: { ...fields } }, pino.destination({ dest: 2, sync: true }));
}
