import { transientBytesMax } from "../../../lib/limits/limits.js";
import type { Feed, FeedEvent } from "./feed.js";
import { type Follow, noFollow, type Standing, standings } from "./follow.js";
import type { FollowTable } from "./follow-table.js";
import { inFormat } from "./frame-formats.js";
import type { Format, Session } from "./session.js";

/** From so many live followers on, a channel has a topic; below half of it the topic is given up. */
const topicFollowersMin = 8;

/** Sends to all connections that joined a topic. */
export type Publish = (topic: string, frame: string | Uint8Array) => void;

/** Where the live followers of one format stand: those whose connections know no topics, and the others. */
interface Live {
  readonly format: Format;
  readonly byHand: Standing;
  /** Followers that are reached by the topic while there is one. */
  readonly joining: Standing;
}

const { liveJsonByHand, liveJsonJoining, liveProtoByHand, liveProtoJoining } = standings;
const json: Live = { format: "json", byHand: liveJsonByHand, joining: liveJsonJoining };
const proto: Live = { format: "proto", byHand: liveProtoByHand, joining: liveProtoJoining };

/**
 * Sends channels' events to their live followers: few by hand, many by one publication in the socket server.
 * Each format has its own followers, and a frame is brought into a format only for followers of it. Nothing
 * is made for a delivery. What a sending does at once may end its own session, but no other.
 */
export class Audience {
  constructor(
    private readonly table: FollowTable,
    private readonly publish: Publish,
  ) {}

  /** How many follow live. */
  size(feed: Feed): number {
    return this.#sizeOf(feed, json) + this.#sizeOf(feed, proto);
  }

  /** The follow is live from now on. */
  add(follow: Follow): void {
    const { table } = this;
    const { connection } = table.session(follow);
    const live = connection.format === "json" ? json : proto;
    if (!connection.canJoin) return table.move(follow, live.byHand);
    const feed = table.feed(follow);
    table.move(follow, live.joining);
    const topic = feed.topics?.[live.format];
    if (topic !== undefined) connection.join(topic);
    else if (table.size(feed, live.joining) >= topicFollowersMin) this.#makeTopic(feed, live);
  }

  /** A follow is gone that stood there. */
  removed({ connection }: Session, feed: Feed, standing: Standing): void {
    const live = connection.format === "json" ? json : proto;
    const topic = feed.topics?.[live.format];
    if (standing !== live.joining || topic === undefined) return;
    connection.leave(topic);
    if (this.table.size(feed, live.joining) < topicFollowersMin / 2) this.#endTopic(feed, live, topic);
  }

  deliver(feed: Feed, { frame }: FeedEvent): void {
    this.#deliver(feed, json, frame);
    this.#deliver(feed, proto, frame);
  }

  /** A transient event goes to everybody but its author, and not to those who are behind in reading. */
  deliverTransient(feed: Feed, frame: Uint8Array, author: string): void {
    this.#deliverTransient(feed, json, frame, author);
    this.#deliverTransient(feed, proto, frame, author);
  }

  #deliver(feed: Feed, live: Live, frame: Uint8Array): void {
    if (this.#sizeOf(feed, live) === 0) return;
    const data = inFormat(frame, live.format);
    this.#send(feed, live.byHand, data);
    const topic = feed.topics?.[live.format];
    if (topic === undefined) this.#send(feed, live.joining, data);
    else this.publish(topic, data);
  }

  #send(feed: Feed, standing: Standing, data: string | Uint8Array): void {
    const { table } = this;
    for (let follow = table.first(feed, standing); follow !== noFollow; ) {
      const { connection } = table.session(follow);
      follow = table.next(follow);
      connection.send(data);
    }
  }

  #deliverTransient(feed: Feed, live: Live, frame: Uint8Array, author: string): void {
    if (this.#sizeOf(feed, live) === 0) return;
    const data = inFormat(frame, live.format);
    this.#sendTransient(feed, live.byHand, data, author);
    this.#sendTransient(feed, live.joining, data, author);
  }

  #sendTransient(feed: Feed, standing: Standing, data: string | Uint8Array, author: string): void {
    const { table } = this;
    for (let follow = table.first(feed, standing); follow !== noFollow; ) {
      const { connection, identity } = table.session(follow);
      follow = table.next(follow);
      if (identity.userId !== author && connection.bufferedBytes() < transientBytesMax) connection.send(data);
    }
  }

  #sizeOf(feed: Feed, { byHand, joining }: Live): number {
    return this.table.size(feed, byHand) + this.table.size(feed, joining);
  }

  #makeTopic(feed: Feed, { format, joining }: Live): void {
    const topic = `${feed.id}/${format}`;
    feed.topics = { ...feed.topics, [format]: topic };
    for (const follow of this.table.standingAt(feed, joining)) {
      this.table.session(follow).connection.join(topic);
    }
  }

  #endTopic(feed: Feed, { format, joining }: Live, topic: string): void {
    const { [format]: _, ...others } = feed.topics ?? {};
    feed.topics = Object.keys(others).length > 0 ? others : undefined;
    for (const follow of this.table.standingAt(feed, joining)) {
      this.table.session(follow).connection.leave(topic);
    }
  }
}
