import type { Command } from "commander";
import { Conversation } from "../../../gen/json/confab/v1/types.js";
import { screenText } from "../print/text.js";
import { listConversations, titleOf } from "../server/conversations.js";
import { type CommonFlags, type Context, withServer } from "./context.js";

/** `confab channels` */
export function addChannels(program: Command, context: Context): void {
  program
    .command("channels")
    .description("List the channels that you may see, each with its topic.")
    .action(async (_flags, command: Command) => {
      const flags = command.optsWithGlobals<CommonFlags>();
      const { terminal } = context;
      await withServer(context, flags, async (client) => {
        for await (const conversation of listConversations(client)) {
          if (terminal.stop.aborted) return;
          await terminal.print(flags.json ? jsonOf(conversation) : textOf(conversation));
        }
      });
    });
}

function textOf(conversation: Conversation): string {
  const { topic, archived } = conversation;
  return [titleOf(conversation), archived ? "(archived)" : "", screenText(topic)]
    .filter((part) => part !== "")
    .join("  ");
}

function jsonOf(conversation: Conversation): string {
  return JSON.stringify(Conversation.toJSON(conversation));
}
