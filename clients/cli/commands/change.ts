import type { Client, Conversation } from "../../sdk/node.js";
import { slackTs } from "../print/times.js";
import { titleOf } from "../server/conversations.js";
import { type Deed, perform } from "../server/perform.js";
import { type CommonFlags, type Context, withServer } from "./context.js";

/** One call that adds an event to a conversation. */
export interface Change extends Deed {
  /** What is to be said when it is done, up to the channel's name: `joined`. */
  readonly words: string;
}

/** Changes a conversation once and tells where the event is: in words, or as `{channelId, seq, id, ts}`. */
export function changeConversation(
  context: Context,
  flags: CommonFlags,
  channel: string,
  makeChange: (client: Client, conversation: Conversation) => Change | Promise<Change>,
): Promise<void> {
  const { terminal } = context;
  return withServer(context, flags, async (client) => {
    const conversation = await client.conversations.get(channel);
    const change = await makeChange(client, conversation);
    const position = await perform(client, change);
    if (!flags.json) return terminal.say(`${change.words} ${titleOf(conversation)}`);
    const place = position ? { ...position, ts: slackTs(position.id) } : {};
    await terminal.print(JSON.stringify({ channelId: conversation.id, ...place }));
  });
}
