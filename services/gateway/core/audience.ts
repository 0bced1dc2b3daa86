import { frameJson } from "./event-json.js";
import type { FeedEvent } from "./feed.js";
import type { Follow } from "./follow.js";

/**
 * From so many live followers on, a channel has a topic of its own; below half of it the topic is given up.
 */
const topicFollowersMin = 8;

/**
 * Sends a channel's events to its live followers: few by hand, many by one publication in the socket
 * server.
 */
export class Audience {
  readonly #live = new Set<Follow>();
  #hasTopic = false;

  constructor(
    private readonly topic: string,
    private readonly publish: (topic: string, text: string) => void,
  ) {}

  get size(): number {
    return this.#live.size;
  }

  add(follow: Follow): void {
    this.#live.add(follow);
    if (this.#hasTopic) follow.session.connection.join(this.topic);
    else if (this.#live.size >= topicFollowersMin) this.#setTopic(true);
  }

  remove(follow: Follow): void {
    if (!this.#live.delete(follow)) return;
    if (this.#hasTopic) follow.session.connection.leave(this.topic);
    if (this.#hasTopic && this.#live.size < topicFollowersMin / 2) this.#setTopic(false);
  }

  deliver(event: FeedEvent): void {
    if (this.#live.size === 0) return;
    const text = frameJson(event.frame);
    if (this.#hasTopic) this.publish(this.topic, text);
    else for (const { session } of this.#live) session.connection.send(text);
  }

  /** A transient event goes to everybody but its author. */
  deliverTransient(frame: Uint8Array, author: string): void {
    const text = frameJson(frame);
    for (const { session } of this.#live)
      if (session.identity.userId !== author) session.connection.send(text);
  }

  #setTopic(wanted: boolean): void {
    this.#hasTopic = wanted;
    for (const { session } of this.#live) {
      if (wanted) session.connection.join(this.topic);
      else session.connection.leave(this.topic);
    }
  }
}
