import type { Conversation } from "../../../gen/confab/v1/types.js";
import { slackTs } from "../print/times.js";
import type { Connection } from "../server/connection.js";
import { findConversation, titleOf } from "../server/conversations.js";
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
  makeChange: (connection: Connection, conversation: Conversation) => Change | Promise<Change>,
): Promise<void> {
  const { terminal } = context;
  return withServer(context, flags, async (connection) => {
    const conversation = await findConversation(connection, channel);
    const change = await makeChange(connection, conversation);
    const position = await perform(connection, change);
    if (!flags.json) return terminal.say(`${change.words} ${titleOf(conversation)}`);
    const place = position ? { ...position, ts: slackTs(position.id) } : {};
    await terminal.print(JSON.stringify({ channelId: conversation.id, ...place }));
  });
}
