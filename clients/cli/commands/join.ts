import type { Command } from "commander";
import { channelHelp } from "./arguments.js";
import { changeConversation } from "./change.js";
import type { CommonFlags, Context } from "./context.js";

/** `confab join CHANNEL` */
export function addJoin(program: Command, context: Context): void {
  program
    .command("join")
    .description("Become a member of a public channel.")
    .argument("<channel>", channelHelp)
    .action((channel: string, _flags, command: Command) =>
      changeConversation(
        context,
        command.optsWithGlobals<CommonFlags>(),
        channel,
        ({ directory }, { id }) => ({
          call: (options) => directory.joinConversation({ channelId: id }, options),
          words: "joined",
        }),
      ),
    );
}
