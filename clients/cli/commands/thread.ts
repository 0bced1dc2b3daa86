import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { listThread } from "../history/thread.js";
import { messageJson, messageText } from "../print/message-text.js";
import { People } from "../server/people.js";
import { channelHelp, messageHelp, messageId } from "./arguments.js";
import { changeConversation } from "./change.js";
import { type CommonFlags, type Context, withServer } from "./context.js";

interface Flags extends CommonFlags {
  readonly ids?: boolean;
}

/** `confab thread CHANNEL MESSAGE [TEXT]` */
export function addThread(program: Command, context: Context): void {
  program
    .command("thread")
    .description("Print a message and the replies below it, oldest first, or reply to it.")
    .argument("<channel>", channelHelp)
    .argument("<message>", messageHelp, messageId)
    .argument("[text]", "the reply; if it is left out, the thread is printed")
    .option("--ids", "begin each message with its id as Slack writes it")
    .action(async (channel: string, id: number, text: string | undefined, _flags, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      const wish = { channel, parentId: id };
      if (text === undefined) await printThread(context, flags, wish);
      else await reply(context, flags, { ...wish, text });
    });
}

interface Thread {
  readonly channel: string;
  readonly parentId: number;
}

function reply(
  context: Context,
  flags: Flags,
  { channel, parentId, text }: Thread & { readonly text: string },
): Promise<void> {
  // Of its own, so that the reply is one however often it is tried.
  const message = { text, clientMsgId: randomUUID(), parentId };
  return changeConversation(context, flags, channel, (client, { id }) => ({
    call: async () => ({ position: await client.post(id, message) }),
    words: "replied in",
  }));
}

function printThread(context: Context, flags: Flags, { channel, parentId }: Thread): Promise<void> {
  const { terminal } = context;
  return withServer(context, flags, async (client) => {
    const id = await client.conversations.idOf(channel);
    const people = new People(client);
    for await (const message of listThread(client, id, parentId)) {
      if (terminal.stop.aborted) return;
      const line = flags.json
        ? messageJson(id, message)
        : messageText(message, await people.name(message.author), flags.ids);
      await terminal.print(line);
    }
  });
}
