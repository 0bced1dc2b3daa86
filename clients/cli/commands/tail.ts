import { type Command, Option } from "commander";
import { sleep } from "../../../lib/clock/clock.js";
import type { Client, Event } from "../../sdk/node.js";
import { eventJson, eventText } from "../print/event-text.js";
import { titleOf } from "../server/conversations.js";
import { People } from "../server/people.js";
import { ConnectionWords } from "../tail/connection-words.js";
import { follow } from "../tail/follow.js";
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
      const words = new ConnectionWords((line) => context.terminal.say(line));
      await withServer(context, flags, (client) => tail(context, client, { channels, flags, words }), {
        onState: (state, error) => words.changed(state, error),
      });
    });
}

interface Wish {
  readonly channels: readonly string[];
  readonly flags: Flags;
  readonly words: ConnectionWords;
}

async function tail(context: Context, client: Client, { channels, flags, words }: Wish): Promise<void> {
  const { terminal, clock, exit } = context;
  const titles = new Map<string, string>();
  for (const text of channels) {
    const conversation = await client.conversations.get(text);
    titles.set(conversation.id, titleOf(conversation));
  }
  const end = new AbortController();
  const stop = AbortSignal.any([terminal.stop, end.signal]);
  const print = printer(context, client, { json: flags.json === true, titles });
  let messages = 0;
  const show = async (channelId: string, event: Event) => {
    await print(channelId, event);
    if (event.kind?.$case === "messagePosted") messages += 1;
    if (messages === flags.count) end.abort();
  };
  const since = flags.fromStart ? 0 : flags.since;
  const position = since === undefined ? undefined : { seq: since, id: 0 };
  const say = (line: string) => terminal.say(line);
  if (flags.timeout !== undefined) void sleep(clock, flags.timeout, stop).then(() => end.abort());
  try {
    await follow({ client, clock, titles, position, stop, show, say, failure: () => words.failure });
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

function printer({ terminal }: Context, client: Client, { json, titles }: Look) {
  const people = new People(client);
  return async (channelId: string, event: Event): Promise<void> => {
    if (json) return terminal.print(eventJson(channelId, event));
    const text = await eventText(event, (userId) => people.name(userId));
    await terminal.print(titles.size > 1 ? `${titles.get(channelId)} ${text}` : text);
  };
}
