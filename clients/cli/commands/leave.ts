import type { Command } from "commander";
import { channelHelp } from "./arguments.js";
import { changeConversation } from "./change.js";
import type { CommonFlags, Context } from "./context.js";

/** `confab leave CHANNEL` */
export function addLeave(program: Command, context: Context): void {
  program
    .command("leave")
    .description("End your membership of a channel.")
    .argument("<channel>", channelHelp)
    .action((channel: string, _flags, command: Command) =>
      changeConversation(
        context,
        command.optsWithGlobals<CommonFlags>(),
        channel,
        ({ directory }, { id }) => ({
          call: (options) => directory.leaveConversation({ channelId: id }, options),
          words: "left",
        }),
      ),
    );
}
