import type { Conversation, Position } from "../../../gen/confab/v1/types.js";
import { ConfabError, type ErrorCode } from "../../../lib/errors/errors.js";
import { slackTs } from "../print/times.js";
import type { Api, Connection } from "../server/connection.js";
import { findConversation, titleOf } from "../server/conversations.js";
import { isRetryable } from "../server/patience.js";
import { type CommonFlags, type Context, withServer } from "./context.js";

/** One call that adds an event to a conversation. */
export interface Change {
  readonly call: (api: Api) => Promise<{ readonly position?: Position | undefined }>;
  /** The error that means, after a try of unknown outcome, that this try did it. */
  readonly doneCode?: ErrorCode;
  /** What is then to be said, up to the channel's name: `joined`. */
  readonly deed: string;
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
    if (!flags.json) return terminal.say(`${change.deed} ${titleOf(conversation)}`);
    const place = position ? { ...position, ts: slackTs(position.id) } : {};
    await terminal.print(JSON.stringify({ channelId: conversation.id, ...place }));
  });
}

/** The event's place; undefined if it is there but the answer that named its place was lost. */
async function perform(
  connection: Connection,
  { call, doneCode }: Pick<Change, "call" | "doneCode">,
): Promise<Position | undefined> {
  let mayBeDone = false;
  const once = async (api: Api) => {
    try {
      return await call(api);
    } catch (error) {
      if (mayBeDone && error instanceof ConfabError && error.code === doneCode) return {};
      mayBeDone ||= isRetryable(error);
      throw error;
    }
  };
  return (await connection.call(once)).position;
}
