import type { Command } from "commander";
import { Conversation } from "../../../gen/json/confab/v1/types.js";
import { titleOf } from "../server/conversations.js";
import { type CommonFlags, type Context, withServer } from "./context.js";

interface Flags extends CommonFlags {
  readonly private?: boolean;
  readonly topic?: string;
}

/** `confab create NAME` */
export function addCreate(program: Command, context: Context): void {
  program
    .command("create")
    .description("Create a channel with yourself as its first member.")
    .argument("<name>", "with or without #: a to z, 0 to 9, underscore, hyphen")
    .option("--private", "only for members, who are invited")
    .option("--topic <text>", "what it is about")
    .action((name: string, _flags, command: Command) =>
      create(context, name, command.optsWithGlobals<Flags>()),
    );
}

function create(context: Context, name: string, flags: Flags): Promise<void> {
  const { terminal } = context;
  return withServer(context, flags, async (client) => {
    const { private: isPrivate = false, topic = "" } = flags;
    const conversation = await client.conversations.create({ name, private: isPrivate, topic });
    if (flags.json) return terminal.print(JSON.stringify(Conversation.toJSON(conversation)));
    terminal.say(`created ${titleOf(conversation)} (${conversation.id})`);
  });
}
