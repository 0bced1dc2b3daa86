import type { Command } from "commander";
import { pageEventsMax } from "../../../lib/limits/limits.js";
import type { Client } from "../../sdk/node.js";
import { People } from "../server/people.js";
import { channelHelp } from "./arguments.js";
import { type CommonFlags, type Context, withServer } from "./context.js";

/** `confab members CHANNEL` */
export function addMembers(program: Command, context: Context): void {
  program
    .command("members")
    .description("List who is a member of a channel.")
    .argument("<channel>", channelHelp)
    .action((channel: string, _flags, command: Command) =>
      printMembers(context, channel, command.optsWithGlobals<CommonFlags>()),
    );
}

function printMembers(context: Context, channel: string, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  return withServer(context, flags, async (client) => {
    const id = await client.conversations.idOf(channel);
    const people = new People(client);
    for await (const userId of listMembers(client, id)) {
      if (terminal.stop.aborted) return;
      const name = await people.name(userId);
      await terminal.print(
        flags.json ? JSON.stringify({ channelId: id, userId, name }) : `${name}  ${userId}`,
      );
    }
  });
}

async function* listMembers({ directory }: Client, channelId: string): AsyncGenerator<string> {
  let pageToken = "";
  do {
    const page = await directory.listMembers({ channelId, pageToken, limit: pageEventsMax });
    yield* page.userIds;
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
}
