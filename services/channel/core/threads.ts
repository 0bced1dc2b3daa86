import { ThreadSummary } from "../../../gen/confab/v1/types.js";
import type { EventId } from "../../../lib/ids/ids.js";
import type { ToProject } from "./projector.js";

/** Most participants that a summary names. */
const participantsMax = 10;

/** A reply came, or was deleted. */
export interface ThreadChange {
  readonly parentId: EventId;
  readonly replyId: EventId;
  readonly author: string;
  readonly removed: boolean;
}

/** What a thread amounts to after a change. */
export function afterChange(summary: ThreadSummary | undefined, change: ThreadChange): ThreadSummary {
  const { replyCount, lastReplyId, userIds } = summary ?? { replyCount: 0, lastReplyId: 0, userIds: [] };
  if (change.removed) return { replyCount: Math.max(0, replyCount - 1), lastReplyId, userIds };
  return {
    replyCount: replyCount + 1,
    lastReplyId: Math.max(lastReplyId, change.replyId),
    userIds: participants([change.author, ...userIds]),
  };
}

/** The summary, with its newest replies as they are now: those not deleted, newest first. */
export function withNewest(
  { replyCount }: ThreadSummary,
  newest: readonly { readonly id: EventId; readonly author: string }[],
): ThreadSummary {
  const userIds = participants(newest.map(({ author }) => author));
  return { replyCount, lastReplyId: newest[0]?.id ?? 0, userIds };
}

/** Each once, the first ones. */
function participants(authors: readonly string[]): string[] {
  return [...new Set(authors)].slice(0, participantsMax);
}

/** The summary as it is kept in a cell. */
export function summaryText(summary: ThreadSummary): string {
  return JSON.stringify(ThreadSummary.toJSON(summary));
}

export function parseSummary(text: string): ThreadSummary {
  return ThreadSummary.fromJSON(JSON.parse(text));
}

/** How an event changes a thread; undefined if it changes none. */
export function threadChangeOf({ event, target }: ToProject): ThreadChange | undefined {
  const { id, author, kind } = event;
  if (kind?.$case === "messagePosted") {
    const { parentId } = kind.value;
    return parentId === 0 ? undefined : { parentId, replyId: id, author, removed: false };
  }
  if (kind?.$case !== "messageDeleted" || !target || target.parentId === 0) return undefined;
  return { parentId: target.parentId, replyId: kind.value.messageId, author, removed: true };
}
