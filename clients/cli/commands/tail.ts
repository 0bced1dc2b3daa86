import { type Command, Option } from "commander";
import type { Event } from "../../../gen/confab/v1/types.js";
import { sleep } from "../../../lib/clock/clock.js";
import { eventJson, eventText } from "../print/event-text.js";
import type { Connection } from "../server/connection.js";
import { findConversation, titleOf } from "../server/conversations.js";
import { People } from "../server/people.js";
import { Positions } from "../tail/positions.js";
import { Tail } from "../tail/tail.js";
import { secondsAsMs, wholeNumber } from "./arguments.js";
import { type CommonFlags, type Context, interruptedExitCode, withServer } from "./context.js";

interface Flags extends CommonFlags {
  readonly count?: number;
  /** In milliseconds. */
  readonly timeout?: number;
  readonly fromStart?: boolean;
  readonly since?: number;
}

/** `confab tail CHANNEL…` */
export function addTail(program: Command, context: Context): void {
  program
    .command("tail")
    .description("Print what happens in channels, as it happens.")
    .argument("<channels...>", "names, with or without #, or ids")
    .addOption(
      new Option("--count <messages>", "end after so many messages").argParser(
        wholeNumber(1, Number.MAX_SAFE_INTEGER),
      ),
    )
    .addOption(
      new Option(
        "--timeout <seconds>",
        "end after so long; exit code 1 if --count was not reached",
      ).argParser(secondsAsMs),
    )
    .addOption(new Option("--from-start", "begin with the first event").conflicts("since"))
    .addOption(
      new Option("--since <seq>", "begin behind the event of this number").argParser(
        wholeNumber(0, Number.MAX_SAFE_INTEGER),
      ),
    )
    .action(async (channels: string[], _flags, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      await withServer(context, flags, (connection) => tail(context, connection, channels, flags));
    });
}

async function tail(
  context: Context,
  connection: Connection,
  channels: readonly string[],
  flags: Flags,
): Promise<void> {
  const { terminal, clock, random, exit } = context;
  const titles = new Map<string, string>();
  for (const text of channels) {
    const conversation = await findConversation(connection, text);
    titles.set(conversation.id, titleOf(conversation));
  }
  const end = new AbortController();
  const stop = AbortSignal.any([terminal.stop, end.signal]);
  const titleOfId = (id: string) => titles.get(id) ?? id;
  const print = printer(context, connection, { json: flags.json === true, titles });
  let messages = 0;
  const show = async (channelId: string, event: Event) => {
    await print(channelId, event);
    if (event.kind?.$case === "messagePosted") messages += 1;
    if (messages === flags.count) end.abort();
  };
  const since = flags.fromStart ? 0 : flags.since;
  const from = since === undefined ? undefined : { seq: since, id: 0 };
  const positions = new Positions([...titles.keys()], from);
  const say = (words: string) => terminal.say(words);
  if (flags.timeout !== undefined) void sleep(clock, flags.timeout, stop).then(() => end.abort());
  try {
    await new Tail({ connection, clock, random, stop, positions, show, say, titleOf: titleOfId }).run();
  } finally {
    end.abort();
  }
  if (flags.count === undefined || messages >= flags.count || terminal.stop.reason === "closed") return;
  exit(terminal.stop.aborted ? interruptedExitCode : 1);
}

interface Look {
  readonly json: boolean;
  /** Names of the channels; an event says which is its own if there are several. */
  readonly titles: ReadonlyMap<string, string>;
}

function printer({ terminal }: Context, connection: Connection, { json, titles }: Look) {
  const people = new People(connection);
  return async (channelId: string, event: Event): Promise<void> => {
    if (json) return terminal.print(eventJson(channelId, event));
    const text = await eventText(event, (userId) => people.name(userId));
    await terminal.print(titles.size > 1 ? `${titles.get(channelId)} ${text}` : text);
  };
}
