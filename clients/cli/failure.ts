import { CommanderError } from "commander";
import { ConfigError } from "../../lib/config/config.js";
import { ConfabError } from "../../lib/errors/errors.js";

/** Wrong use of the tool. */
const usageExitCode = 2;

/** What a command's failure means to whoever started it. */
export interface Ending {
  readonly exitCode: number;
  /** What is still to be said, if anything is. */
  readonly words?: string;
}

/** Named errors in one line; only what nobody expected comes with where it comes from. */
export function explain(error: unknown): Ending {
  if (error instanceof CommanderError) {
    return { exitCode: error.exitCode === 0 ? 0 : usageExitCode };
  }
  if (error instanceof ConfigError) return { exitCode: usageExitCode, words: `confab: ${error.message}` };
  return { exitCode: 1, words: `confab: ${describeError(error)}` };
}

/** `message (code)`, on one line */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isNamed = error instanceof ConfabError || "code" in error;
  if (!isNamed) return error.stack ?? error.message;
  return `${error.message.replaceAll(/\s*\n\s*/g, " ")} (${error.code})`;
}
