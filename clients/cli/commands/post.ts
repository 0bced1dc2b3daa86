import { type Command, Option } from "commander";
import type { Client } from "../../sdk/node.js";
import type { Line } from "../post/line.js";
import { postLines } from "../post/post-lines.js";
import { Poster } from "../post/poster.js";
import { Progress } from "../post/progress.js";
import { LineReader } from "../post/read-lines.js";
import { PostReport } from "../post/report.js";
import { channelHelp, secondsAsMs } from "./arguments.js";
import { type CommonFlags, type Context, interruptedExitCode, type Work, withServer } from "./context.js";

const timeoutSecondsDefault = 30;

interface Flags extends CommonFlags {
  /** In milliseconds. */
  readonly timeout: number;
  readonly trace?: boolean;
}

/** `confab post CHANNEL [TEXT]` */
export function addPost(program: Command, context: Context): void {
  program
    .command("post")
    .description("Post a text, or every line of the standard input but empty ones, in their order.")
    .argument("<channel>", channelHelp)
    .argument("[text]", "the message; if it is left out, each line of the standard input is one")
    .addOption(
      new Option("--timeout <seconds>", "give up after so long without progress")
        .argParser(secondsAsMs)
        .default(timeoutSecondsDefault * 1000, String(timeoutSecondsDefault)),
    )
    .option("--trace", "have each message traced, by a call of its own, and print the trace's id")
    .action(async (channel: string, text: string | undefined, _flags, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      const work: Work = async (client, session) => {
        const channelId = await client.conversations.idOf(channel);
        session.endsByItself();
        await post(context, client, { channelId, text, flags, jaeger: session.server.jaeger });
      };
      await withServer(context, flags, work, { timeoutMs: flags.timeout });
    });
}

interface Wish {
  readonly channelId: string;
  readonly text: string | undefined;
  readonly flags: Flags;
  readonly jaeger: string | undefined;
}

async function post(context: Context, client: Client, { channelId, text, flags, jaeger }: Wish) {
  const { terminal, clock } = context;
  const { stop, input } = terminal;
  const report = new PostReport(terminal, flags.json === true, jaeger);
  const poster = new Poster({ client, clock, stop, timeoutMs: flags.timeout, trace: flags.trace }, channelId);
  const reader = new LineReader(input);
  if (text === undefined && input.isTTY) terminal.say("one message a line; Ctrl-D ends");
  const progress = new Progress(clock, terminal, () => report.posted);
  const startedAt = clock.now();
  let complete = false;
  try {
    const source = text === undefined ? reader : only(text);
    complete = await postLines({ source, poster, report, stop });
  } finally {
    progress.close();
    // Whatever is still to be read holds the process open.
    if (text === undefined) input.destroy();
    await report.summary(Math.round(clock.now() - startedAt) / 1000, reader.emptyLines);
  }
  if (stop.aborted) context.exit(interruptedExitCode);
  else if (!complete || report.refused > 0) context.exit(1);
}

/** A text from the command line counts as a line, whatever is in it. */
async function* only(text: string): AsyncGenerator<Line[]> {
  yield [{ number: 1, text, bytes: Buffer.byteLength(text) }];
}
