import type { Command } from "commander";
import { findUserIds } from "../server/users.js";
import { channelHelp, usersHelp } from "./arguments.js";
import { changeConversation } from "./change.js";
import type { CommonFlags, Context } from "./context.js";

/** `confab remove CHANNEL USER` */
export function addRemove(program: Command, context: Context): void {
  program
    .command("remove")
    .description("End a user's membership of a channel that you created.")
    .argument("<channel>", channelHelp)
    .argument("<user>", usersHelp)
    .action((channel: string, user: string, _flags, command: Command) =>
      changeConversation(context, command.optsWithGlobals<CommonFlags>(), channel, async (client, { id }) => {
        const [userId = ""] = await findUserIds(client, [user]);
        return {
          call: (options) => client.directory.removeMember({ channelId: id, userId }, options),
          words: `removed ${user} from`,
        };
      }),
    );
}
