import type { Event, Message, Reaction, ThreadSummary } from "../../../gen/confab/v1/types.js";
import type { Annotations } from "./annotations.js";

/** Most users that are named for one emoji. */
const reactionUsersMax = 100;

/** The message that an event posted, with what was put on it; undefined for events that posted none. */
export function messageView(
  { seq, id, author, kind }: Event,
  annotations: Annotations,
  thread: ThreadSummary | undefined,
): Message | undefined {
  if (kind?.$case !== "messagePosted") return undefined;
  const { text, clientMsgId, parentId } = kind.value;
  const posted = { id, seq, author, clientMsgId, parentId };
  const summary = thread && thread.replyCount > 0 ? thread : undefined;
  // No message is posted without text: it was erased.
  if (annotations.deletion || text === "") {
    return {
      ...posted,
      ...{ text: "", editedId: 0, deleted: true, reactions: [], pinned: false },
      thread: summary,
    };
  }
  const edit = annotations.find("edit");
  return {
    ...posted,
    text: edit?.value ?? text,
    editedId: edit?.id ?? 0,
    deleted: false,
    reactions: reactionsOf(annotations),
    thread: summary,
    pinned: (annotations.find("pin")?.value ?? "") !== "",
  };
}

function reactionsOf(annotations: Annotations): Reaction[] {
  const byEmoji = new Map<string, Reaction>();
  for (const { emoji, author } of annotations.reactions()) {
    const reaction = byEmoji.get(emoji) ?? { emoji, userIds: [], count: 0 };
    byEmoji.set(emoji, reaction);
    reaction.count++;
    if (reaction.userIds.length < reactionUsersMax) reaction.userIds.push(author);
  }
  return [...byEmoji.values()];
}
