import {
  type ChannelPosition,
  type ClientFrame,
  type Subscribe,
  UnsubscribedReason,
} from "../../../gen/confab/v1/realtime.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { type ChannelId, parseChannelId } from "../../../lib/ids/ids.js";
import { subscriptionsMax } from "../../../lib/limits/limits.js";
import type { AllConversations } from "./all-conversations.js";
import type { ClientSends } from "./client-sends.js";
import type { Feeds } from "./feeds.js";
import type { Follow } from "./follow.js";
import type { Follows } from "./follows.js";
import type { OwnerStreams } from "./owner-streams.js";
import type { Session } from "./session.js";

/** Carries out what clients ask for; what cannot be done is refused by a named error and changes nothing. */
export class ClientFrames {
  constructor(
    private readonly feeds: Feeds,
    private readonly follows: Follows,
    private readonly streams: OwnerStreams,
    private readonly sends: ClientSends,
    private readonly all: AllConversations,
  ) {}

  received(session: Session, { requestId, frame }: ClientFrame, now: number): void {
    switch (frame?.$case) {
      case "subscribe":
        return this.#subscribe(session, requestId, frame.value, now);
      case "unsubscribe":
        return this.#unsubscribe(session, requestId, frame.value.channelIds, now);
      case "typing":
        return this.#typing(session, requestId, frame.value);
      case "ping":
        return session.tell({ $case: "pong", value: { requestId } });
      case "post":
      case "react":
      case "mark":
        return this.sends.received(session, requestId, frame);
      case "watchPresence":
        return session.refuse(requestId, new ConfabError("not_implemented", frame.$case));
      case undefined:
        return session.refuse(requestId, new ConfabError("invalid_frame"));
    }
  }

  /** Checked as a whole first: one wrong channel refuses the request, and nothing is followed. */
  #subscribe(session: Session, requestId: number, subscribe: Subscribe, now: number): void {
    const { all } = subscribe;
    const channels = all ? withOwnChannel(session, subscribe.channels) : subscribe.channels;
    const ids = channels.map(({ channelId }) => parseChannelId(channelId));
    const wrong = ids.indexOf(undefined);
    if (wrong >= 0) {
      return session.refuse(
        requestId,
        new ConfabError("invalid_id", `subscribe.channels[${wrong}].channel_id`),
      );
    }
    const added = new Set(ids.filter((id) => id !== undefined && this.#find(session, id) === undefined));
    if (this.follows.countOf(session) + added.size > subscriptionsMax) {
      return session.refuse(requestId, new ConfabError("too_many_subscriptions"));
    }
    const fresh = channels.filter(({ channelId }) => added.delete(channelId as ChannelId));
    session.expect(requestId, fresh.length + (all ? 1 : 0));
    for (const id of ids) if (id) this.all.named(session, id);
    if (all) this.all.begin(session, requestId, subscribe, now);
    for (const { channelId, position } of fresh) {
      const feed = this.feeds.open(channelId as ChannelId, now);
      this.follows.add(session, feed, requestId, position, now);
    }
  }

  #unsubscribe(session: Session, requestId: number, channelIds: readonly string[], now: number): void {
    if (!this.all.leaveOut(session, channelIds)) {
      return session.refuse(requestId, new ConfabError("too_many_subscriptions", "unsubscribe.channel_ids"));
    }
    const reason = UnsubscribedReason.UNSUBSCRIBED_REASON_REQUESTED;
    for (const channelId of channelIds) {
      const follow = this.#find(session, channelId);
      if (follow === undefined) continue;
      const unanswered = this.follows.remove(follow, now);
      if (unanswered !== undefined) session.answered(unanswered);
      session.tell({ $case: "unsubscribed", value: { channelId, reason, requestId } });
    }
    session.tell({ $case: "ready", value: { requestId } });
  }

  #typing(session: Session, requestId: number, hint: { channelId: string; parentId: number }): void {
    const feed = this.feeds.get(hint.channelId as ChannelId);
    if (!feed || !this.follows.isLive(session, feed)) {
      return session.refuse(
        requestId,
        new ConfabError("not_in_channel", "typing.channel_id"),
        hint.channelId,
      );
    }
    const { userId } = session.identity;
    this.streams.wish(feed, { $case: "typing", value: { userId, parentId: hint.parentId } });
    session.tell({ $case: "ack", value: { requestId, position: undefined } });
  }

  #find(session: Session, channelId: string): Follow | undefined {
    const feed = this.feeds.get(channelId as ChannelId);
    return feed && this.follows.find(session, feed);
  }
}

/** Who follows everything follows their own channel first: it tells of conversations to come. */
function withOwnChannel({ identity: { userId } }: Session, channels: ChannelPosition[]): ChannelPosition[] {
  if (channels.some(({ channelId }) => channelId === userId)) return channels;
  return [...channels, { channelId: userId, position: undefined }];
}
