import { type Command, Option } from "commander";
import { allMessages, newestMessages } from "../history/pages.js";
import { messageJson, messageText } from "../print/message-text.js";
import { People } from "../server/people.js";
import { channelHelp, wholeNumber } from "./arguments.js";
import { type CommonFlags, type Context, interruptedExitCode, withServer } from "./context.js";

const messagesDefault = 100;
/** More than these are not held in memory: `--all` streams. */
const messagesMax = 10_000;

interface Flags extends CommonFlags {
  readonly limit: number;
  readonly all?: boolean;
  readonly ids?: boolean;
}

/** `confab history CHANNEL` */
export function addHistory(program: Command, context: Context): void {
  const limit = new Option("--limit <count>", `the newest so many, up to ${messagesMax}`)
    .argParser(wholeNumber(1, messagesMax))
    .default(messagesDefault);
  program
    .command("history")
    .description("Print the messages of a channel, oldest first, without replies in threads.")
    .argument("<channel>", channelHelp)
    .addOption(limit)
    .addOption(new Option("--all", "from the first message on").conflicts("limit"))
    .option("--ids", "begin each message with its id as Slack writes it")
    .action(async (channel: string, _flags, command: Command) => {
      await printHistory(context, channel, command.optsWithGlobals<Flags>());
    });
}

async function printHistory(context: Context, channel: string, flags: Flags): Promise<void> {
  const { terminal } = context;
  await withServer(context, flags, async (client) => {
    const id = await client.conversations.idOf(channel);
    const people = new People(client);
    const pages = flags.all ? allMessages(client, id) : [await newestMessages(client, id, flags.limit)];
    for await (const messages of pages) {
      for (const message of messages) {
        if (terminal.stop.aborted) return exitOfStopped(context);
        const line = flags.json
          ? messageJson(id, message)
          : messageText(message, await people.name(message.author), flags.ids);
        await terminal.print(line);
      }
    }
  });
}

/** A reader that has seen enough is no failure; an interruption is one. */
function exitOfStopped({ terminal, exit }: Context): void {
  if (terminal.stop.reason !== "closed") exit(interruptedExitCode);
}
