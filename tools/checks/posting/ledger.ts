import type { Event, Position } from "../../../gen/confab/v1/types.js";

/** What an audit counted. All but `acked` are faults. */
export interface Audit {
  acked: number;
  /** Acknowledged, but not where it was said to be. */
  lost: number;
  duplicate: number;
  /**
   * A caller's posts in another order than sent, or numbers and ids of a log that do not rise as promised.
   */
  reordered: number;
  /** Stored, but sent by nobody. */
  unexpected: number;
}

/** A post on its way: what a caller sent, and later where the server said that it is. */
export interface Post {
  readonly channelId: string;
  readonly caller: string;
  /** Counts the caller's posts, in the order in which they were first sent. */
  readonly number: number;
  readonly clientMsgId: string;
  readonly text: string;
  /** Where it is stored, once that was acknowledged. */
  position?: Position;
  /** It was refused by itself within a call and sent again, and so may follow posts that it preceded. */
  refused?: boolean;
}

/** What all callers sent. */
export class Ledger {
  readonly posts = new Map<string, Post>();

  add(post: Post): void {
    this.posts.set(post.clientMsgId, post);
  }

  count(which: (post: Post) => boolean): number {
    return [...this.posts.values()].filter(which).length;
  }

  /** Compares what was sent and acknowledged with what the channels' logs hold. */
  audit(logs: ReadonlyMap<string, readonly Event[]>): Audit {
    const figures = { acked: 0, lost: 0, duplicate: 0, reordered: 0, unexpected: 0 };
    for (const [channelId, events] of logs) this.#auditLog(channelId, events, figures);
    for (const post of this.posts.values()) {
      if (!post.position) continue;
      figures.acked++;
      if (!isAt(post, post.position, logs.get(post.channelId) ?? [])) figures.lost++;
    }
    return figures;
  }

  #auditLog(channelId: string, events: readonly Event[], figures: Audit): void {
    const seen = new Set<Post>();
    const newest = new Map<string, number>();
    for (const [index, event] of events.entries()) {
      if (event.seq !== index + 1 || event.id <= (events[index - 1]?.id ?? 0)) figures.reordered++;
      if (event.kind?.$case !== "messagePosted") continue;
      const post = this.posts.get(event.kind.value.clientMsgId);
      if (post?.channelId !== channelId) figures.unexpected++;
      else if (seen.has(post)) figures.duplicate++;
      else {
        seen.add(post);
        const before = newest.get(post.caller) ?? 0;
        if (!post.refused && post.number < before) figures.reordered++;
        if (!post.refused) newest.set(post.caller, Math.max(post.number, before));
      }
    }
  }
}

/** Whether the log holds the post where it was acknowledged to be. */
function isAt(post: Post, position: Position, events: readonly Event[]): boolean {
  const event = events[position.seq - 1];
  if (event?.seq !== position.seq || event.id !== position.id) return false;
  if (event.kind?.$case !== "messagePosted") return false;
  const { text, clientMsgId } = event.kind.value;
  return clientMsgId === post.clientMsgId && text === post.text;
}
