import { transientBytesMax } from "../../../lib/limits/limits.js";
import type { FeedEvent } from "./feed.js";
import type { Follow } from "./follow.js";
import { inFormat } from "./frame-formats.js";
import type { Format } from "./session.js";

/** From so many live followers on, a channel has a topic; below half of it the topic is given up. */
const topicFollowersMin = 8;

/** Sends to all connections that joined a topic. */
export type Publish = (topic: string, frame: string | Uint8Array) => void;

/**
 * Sends a channel's events to its live followers: few by hand, many by one publication in the socket server.
 * Each format has its own followers, and a frame is brought into a format only for followers of it.
 */
export class Audience {
  readonly #formats: { readonly [Name in Format]: FormatAudience };

  constructor(topic: string, publish: Publish) {
    this.#formats = {
      json: new FormatAudience("json", `${topic}/json`, publish),
      proto: new FormatAudience("proto", `${topic}/proto`, publish),
    };
  }

  get size(): number {
    return this.#formats.json.size + this.#formats.proto.size;
  }

  add(follow: Follow): void {
    this.#formats[follow.session.connection.format].add(follow);
  }

  remove(follow: Follow): void {
    this.#formats[follow.session.connection.format].remove(follow);
  }

  deliver({ frame }: FeedEvent): void {
    this.#formats.json.deliver(frame);
    this.#formats.proto.deliver(frame);
  }

  /** A transient event goes to everybody but its author, and not to those who are behind in reading. */
  deliverTransient(frame: Uint8Array, author: string): void {
    this.#formats.json.deliverTransient(frame, author);
    this.#formats.proto.deliverTransient(frame, author);
  }
}

class FormatAudience {
  /** Followers that are reached by the topic while there is one. */
  readonly #joining = new Set<Follow>();
  /** Followers whose connections know no topics. */
  readonly #byHand = new Set<Follow>();
  #hasTopic = false;

  constructor(
    private readonly format: Format,
    private readonly topic: string,
    private readonly publish: Publish,
  ) {}

  get size(): number {
    return this.#joining.size + this.#byHand.size;
  }

  add(follow: Follow): void {
    if (!follow.session.connection.canJoin) return void this.#byHand.add(follow);
    this.#joining.add(follow);
    if (this.#hasTopic) follow.session.connection.join(this.topic);
    else if (this.#joining.size >= topicFollowersMin) this.#setTopic(true);
  }

  remove(follow: Follow): void {
    this.#byHand.delete(follow);
    if (!this.#joining.delete(follow)) return;
    if (this.#hasTopic) follow.session.connection.leave(this.topic);
    if (this.#hasTopic && this.#joining.size < topicFollowersMin / 2) this.#setTopic(false);
  }

  deliver(frame: Uint8Array): void {
    if (this.size === 0) return;
    const data = inFormat(frame, this.format);
    for (const { session } of this.#byHand) session.connection.send(data);
    if (this.#hasTopic) this.publish(this.topic, data);
    else for (const { session } of this.#joining) session.connection.send(data);
  }

  deliverTransient(frame: Uint8Array, author: string): void {
    if (this.size === 0) return;
    const data = inFormat(frame, this.format);
    for (const followers of [this.#byHand, this.#joining]) {
      for (const { session } of followers) {
        const { connection, identity } = session;
        if (identity.userId !== author && connection.bufferedBytes() < transientBytesMax)
          connection.send(data);
      }
    }
  }

  #setTopic(wanted: boolean): void {
    this.#hasTopic = wanted;
    for (const { session } of this.#joining) {
      if (wanted) session.connection.join(this.topic);
      else session.connection.leave(this.topic);
    }
  }
}
