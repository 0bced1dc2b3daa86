import type { Clock } from "../../../lib/clock/clock.js";
import { type Client, type ClientOptions, ConfabError, connect } from "../../sdk/node.js";
import type { CliConfig } from "../config.js";
import { chooseServer, type FindServer } from "../server/choose-server.js";
import type { FoundServer } from "../server/find-server.js";
import type { Terminal } from "../terminal/terminal.js";

/** What every command works with. */
export interface Context {
  readonly config: CliConfig;
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

/** A server while a command uses it. */
export interface Session {
  readonly server: FoundServer;
  /** From now on the command ends by itself when it is stopped; until then its calls end at once. */
  endsByItself(): void;
}

/** What a command does with the server. */
export type Work = (client: Client, session: Session) => Promise<void>;

/** Does something with the server that flags, variables or a login name. */
export async function withServer(
  context: Context,
  flags: CommonFlags,
  work: Work,
  options: Pick<ClientOptions, "timeoutMs" | "onState"> = {},
): Promise<void> {
  await useServer(context, await chooseServer(context.config, flags.data), work, options);
}

/** Does something with a server; ends the connection after it, or when the command is stopped. */
export async function useServer(
  { terminal: { stop }, clock, random, exit }: Context,
  find: FindServer,
  work: Work,
  options: Pick<ClientOptions, "timeoutMs" | "onState"> = {},
): Promise<void> {
  const server = await find();
  const client = connect({
    ...{ timeoutMs: timeoutMsDefault, ...options, clock, random },
    url: async () => (await find()).url,
    token: async () => (await find()).token,
    ...((server.ca ?? "") !== "" && { ca: async () => (await find()).ca ?? "" }),
  });
  const close = () => void client.close();
  const endsByItself = () => stop.removeEventListener("abort", close);
  stop.addEventListener("abort", close);
  if (stop.aborted) close();
  try {
    await work(client, { server, endsByItself });
  } catch (error) {
    if (!stop.aborted || !(error instanceof ConfabError)) throw error;
    if (stop.reason !== "closed") exit(interruptedExitCode);
  } finally {
    endsByItself();
    await client.close();
  }
}
