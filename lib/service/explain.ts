import { ConfigError } from "../config/config.js";

/** Says why the start failed: expected faults in a line, others with where they come from. */
export function explain(error: unknown): void {
  if (!(error instanceof Error)) return console.error(String(error));
  const isExpected = error instanceof ConfigError || "code" in error || error.cause !== undefined;
  console.error(`confab: ${isExpected ? error.message : error.stack}`);
}
