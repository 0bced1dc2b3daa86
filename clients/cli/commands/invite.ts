import type { Command } from "commander";
import { findUserIds } from "../server/users.js";
import { channelHelp, usersHelp } from "./arguments.js";
import { changeConversation } from "./change.js";
import type { CommonFlags, Context } from "./context.js";

/** `confab invite CHANNEL USER…` */
export function addInvite(program: Command, context: Context): void {
  program
    .command("invite")
    .description("Make users members of a channel that you are a member of.")
    .argument("<channel>", channelHelp)
    .argument("<users...>", usersHelp)
    .action((channel: string, users: string[], _flags, command: Command) =>
      changeConversation(context, command.optsWithGlobals<CommonFlags>(), channel, async (client, { id }) => {
        const userIds = await findUserIds(client, users);
        return {
          call: (options) => client.directory.inviteMembers({ channelId: id, userIds }, options),
          words: `added ${users.join(", ")} to`,
        };
      }),
    );
}
