import type { Clock } from "../../../lib/clock/clock.js";
import { dataFolder, tokenOverride } from "../config.js";
import { Connection } from "../server/connection.js";
import type { Terminal } from "../terminal/terminal.js";

/** What every command works with. */
export interface Context {
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** a number from 0 to below 1 */
  readonly random: () => number;
  /** Tells the exit code of a command that did not simply succeed. */
  readonly exit: (code: number) => void;
}

/** Flags that every command takes. */
export interface CommonFlags {
  readonly data?: string;
  readonly json?: boolean;
}

/** Exit code of a command that was interrupted before it was done, as shells use it. */
export const interruptedExitCode = 130;

/** How long to go on trying when a server does not answer, in milliseconds. */
const timeoutMsDefault = 10_000;

/** Does something with the server that the flags name; ends the connection after it. */
export async function withServer<Result>(
  { terminal, clock, random }: Context,
  flags: CommonFlags,
  work: (connection: Connection) => Promise<Result>,
  timeoutMs = timeoutMsDefault,
): Promise<Result> {
  const parts = { clock, random, stop: terminal.stop };
  const target = { folder: dataFolder(flags.data), token: tokenOverride() };
  const connection = new Connection(target, parts, timeoutMs);
  try {
    await connection.api();
    return await work(connection);
  } finally {
    connection.close();
  }
}
