import type { Command } from "commander";
import { channelHelp, messageHelp, messageId } from "./arguments.js";
import { changeConversation } from "./change.js";
import type { CommonFlags, Context } from "./context.js";

interface Flags extends CommonFlags {
  readonly off?: boolean;
}

/** `confab react CHANNEL MESSAGE EMOJI` */
export function addReact(program: Command, context: Context): void {
  program
    .command("react")
    .description("Put an emoji on a message, or take your own off.")
    .argument("<channel>", channelHelp)
    .argument("<message>", messageHelp, messageId)
    .argument("<emoji>", "its name, with or without colons")
    .option("--off", "take it off")
    .action((channel: string, message: number, name: string, _flags, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      const emoji = name.replace(/^:(.+):$/, "$1");
      return changeConversation(context, flags, channel, ({ messaging }, { id }) => {
        const request = { channelId: id, messageId: message, emoji };
        return flags.off
          ? {
              call: (options) => messaging.removeReaction(request, options),
              doneCode: "no_reaction",
              words: `took :${emoji}: off in`,
            }
          : {
              call: (options) => messaging.addReaction(request, options),
              doneCode: "already_reacted",
              words: `put :${emoji}: on in`,
            };
      });
    });
}
