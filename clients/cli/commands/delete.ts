import type { Command } from "commander";
import { channelHelp, messageHelp, messageId } from "./arguments.js";
import { changeConversation } from "./change.js";
import type { CommonFlags, Context } from "./context.js";

/** `confab delete CHANNEL MESSAGE` */
export function addDelete(program: Command, context: Context): void {
  program
    .command("delete")
    .description("Delete your own message; its text is erased.")
    .argument("<channel>", channelHelp)
    .argument("<message>", messageHelp, messageId)
    .action((channel: string, message: number, _flags, command: Command) =>
      changeConversation(
        context,
        command.optsWithGlobals<CommonFlags>(),
        channel,
        ({ messaging }, { id }) => ({
          call: (options) => messaging.deleteMessage({ channelId: id, messageId: message }, options),
          doneCode: "message_not_found",
          words: "deleted a message in",
        }),
      ),
    );
}
