import type { Command } from "commander";
import { Conversation, ConversationType } from "../../../gen/confab/v1/types.js";
import { ConfabError } from "../../../lib/errors/errors.js";
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
  return withServer(context, flags, async (connection) => {
    const type = flags.private
      ? ConversationType.CONVERSATION_TYPE_PRIVATE
      : ConversationType.CONVERSATION_TYPE_PUBLIC;
    const request = { name: name.replace(/^#/, ""), type, topic: flags.topic ?? "" };
    const { conversation } = await connection.once(({ directory }) => directory.createConversation(request));
    if (!conversation) throw new ConfabError("internal", "", "the server gave no conversation");
    if (flags.json) return terminal.print(JSON.stringify(Conversation.toJSON(conversation)));
    terminal.say(`created ${titleOf(conversation)} (${conversation.id})`);
  });
}
