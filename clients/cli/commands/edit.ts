import type { Command } from "commander";
import { channelHelp, messageHelp, messageId } from "./arguments.js";
import { changeConversation } from "./change.js";
import type { CommonFlags, Context } from "./context.js";

/** `confab edit CHANNEL MESSAGE TEXT` */
export function addEdit(program: Command, context: Context): void {
  program
    .command("edit")
    .description("Replace the text of your own message.")
    .argument("<channel>", channelHelp)
    .argument("<message>", messageHelp, messageId)
    .argument("<text>", "the new text")
    .action((channel: string, message: number, text: string, _flags, command: Command) =>
      changeConversation(
        context,
        command.optsWithGlobals<CommonFlags>(),
        channel,
        ({ messaging }, { id }) => ({
          call: (options) => messaging.editMessage({ channelId: id, messageId: message, text }, options),
          words: "edited a message in",
        }),
      ),
    );
}
