import {
  type GoAway,
  type RequestFailed,
  type ServerFrame,
  type Unsubscribed,
  UnsubscribedReason,
} from "../../../gen/json/confab/v1/realtime.js";
import type { Timer } from "../../../lib/clock/clock.js";
import { ConfabError, errorTable } from "../../../lib/errors/errors.js";
import { openMsMax } from "../limits.js";
import { Backoff } from "./backoff.js";
import { errorOfClose, errorOfProblem, isFinal } from "./errors-of-frames.js";
import { EverythingWanted } from "./everything-wanted.js";
import type { Feed } from "./feed.js";
import { FollowedChannels } from "./followed-channels.js";
import { Heartbeat } from "./heartbeat.js";
import { type PostDone, type PostRequest, PostsUnderWay } from "./posts-under-way.js";
import type { ClientRequest, SessionOutside, SessionState } from "./session-outside.js";

/** A client's connections, one after the other, until it is closed; feeds do not notice which serves them. */
export class Session {
  #state: SessionState = "idle";
  readonly #channels = new FollowedChannels();
  readonly #heartbeat: Heartbeat;
  readonly #backoff: Backoff;
  /** Channels of requests that are not answered yet. */
  readonly #asked = new Map<number, readonly string[]>();
  readonly #posts = new PostsUnderWay();
  readonly #everything = new EverythingWanted();
  #requests = 0;
  #endedBy: ConfabError | undefined;
  /** Timers of the present connection, or of the pause after it. */
  #timers: Timer[] = [];

  constructor(private readonly outside: SessionOutside) {
    this.#backoff = new Backoff(() => outside.random());
    this.#heartbeat = new Heartbeat({
      later: (ms, call) => outside.later(ms, call),
      ping: () => this.#request({ ping: {} }),
      silent: () => this.lost(new ConfabError("unavailable", "", "the gateway gives no sign of life")),
      woke: (now) => this.wake(now),
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Brings a feed its channel's events from now on, over all connections. */
  follow(feed: Feed, now: number): void {
    if (this.#endedBy) return this.outside.channelEnded(feed, this.#endedBy);
    const isNew = this.#channels.add(feed);
    if (this.#state === "idle") this.#connect(now);
    else if (this.#state === "connected" && isNew) this.#subscribe([feed.channelId]);
  }

  /** Safe to call twice. */
  unfollow(feed: Feed): void {
    if (!this.#channels.remove(feed) || this.#state !== "connected") return;
    this.#request({ unsubscribe: { channelIds: [feed.channelId] } });
  }

  followed(): readonly string[] {
    return this.#channels.ids();
  }

  /** Brings a feed a channel's events without asking for the channel. */
  adopt(feed: Feed): void {
    this.#channels.add(feed);
  }

  /** Follows everything of the user. `resumes`: the positions of its feeds are of an earlier time. */
  followAll(resumes: boolean, now: number): void {
    this.#everything.add(resumes);
    if (this.#state === "idle") this.#connect(now);
    else if (this.#state === "connected") this.#subscribeToAll();
  }

  /**
   * Takes off the feeds of one who followed everything. What a connection once left out it does not follow
   * again with everything, so that the last one takes the connection along.
   */
  unfollowAll(feeds: readonly Feed[], now: number): void {
    for (const feed of feeds) this.#channels.remove(feed);
    this.#everything.remove();
    if (this.#state !== "ended" && !this.#everything.isWanted) this.#connect(now);
  }

  /** Tells the others that the user types; returns false where this connection cannot. */
  typing(channelId: string, parentId: number): boolean {
    if (this.#state !== "connected" || !this.#channels.has(channelId)) return false;
    this.#request({ typing: { channelId, ...(parentId > 0 && { parentId }) } });
    return true;
  }

  /**
   * Posts over this connection; `done` is told of the outcome, or that the connection ended before. Returns
   * the number of the request, or undefined where the connection cannot take it.
   */
  post(post: PostRequest, done: PostDone): number | undefined {
    if (this.#state !== "connected" || !this.#posts.mayTake(post)) return undefined;
    const requestId = this.#request({ post });
    this.#posts.add(requestId, done);
    return requestId;
  }

  /** Nobody waits for the outcome of a post any more. */
  forget(requestId: number, error: ConfabError): void {
    this.#posts.settle(requestId, error);
  }

  received({ events, frame }: ServerFrame, now: number): void {
    this.#heartbeat.heard(now);
    for (const { channelId, event } of events) {
      if (!event) continue;
      this.#channels.reached(channelId, { seq: event.seq, id: event.id });
      for (const feed of this.#channels.feeds(channelId)) feed.event(event);
    }
    if (frame) this.#receivedNotice(frame, now);
  }

  /** The socket, or opening one, has failed. */
  lost(error: ConfabError): void {
    if (this.#state === "idle" || this.#state === "ended") return;
    if (isFinal(error)) return this.end(error);
    this.#disconnect();
    if (this.#channels.size === 0 && !this.#everything.isWanted) return this.#rest(error);
    this.#change("waiting", error);
    this.#later(this.#backoff.next(), (then) => this.#connect(then));
  }

  /** The gateway has ended the socket. */
  closed(code: number, reason: string): void {
    this.lost(errorOfClose(code, reason));
  }

  /** The machine slept, or the network is back: does not wait for what is probably over. */
  wake(now: number): void {
    if (this.#state === "waiting") {
      this.#backoff.reset();
      this.#connect(now);
    } else if (this.#state === "connected") this.#heartbeat.probe(now);
  }

  /** Ends everything, for good. Safe to call twice. */
  end(error?: ConfabError): void {
    if (this.#state === "ended") return;
    if (!error) this.#posts.fail(new ConfabError("unavailable", "", "the client was closed"));
    this.#disconnect();
    this.#heartbeat.stop();
    this.#change("ended", error);
    this.#endedBy = error ?? new ConfabError("unavailable", "", "the client was closed");
    for (const channelId of this.#channels.ids()) this.#endChannel(channelId, this.#endedBy);
  }

  #connect(now: number): void {
    this.#disconnect();
    if (this.#channels.size === 0 && !this.#everything.isWanted) return this.#rest();
    this.#heartbeat.start(now);
    this.#change("connecting");
    const error = new ConfabError("unavailable", "", "the gateway does not answer in time");
    this.#later(openMsMax, () => this.lost(error));
    this.outside.open();
  }

  #rest(error?: ConfabError): void {
    this.#heartbeat.stop();
    this.#change("idle", error);
  }

  #disconnect(): void {
    for (const timer of this.#timers.splice(0)) timer.cancel();
    this.#asked.clear();
    this.#posts.fail(new ConfabError("unavailable", "", "the connection ended before the post was answered"));
    this.#heartbeat.unwatch();
    this.outside.drop();
  }

  #receivedNotice(frame: NonNullable<ServerFrame["frame"]>, now: number): void {
    switch (frame.$case) {
      case "hello":
        this.#everything.ownId = frame.value.userId;
        return this.#greeted(frame.value.heartbeatMs, now);
      case "subscribed": {
        const { channelId, position = { seq: 0, id: 0 } } = frame.value;
        if (this.#everything.isWanted) this.outside.discovered(channelId);
        this.#channels.reached(channelId, position);
        for (const feed of this.#channels.feeds(channelId)) feed.subscribed(position);
        return;
      }
      case "unsubscribed":
        return this.#unsubscribed(frame.value);
      case "gap":
        for (const feed of this.#channels.feeds(frame.value.channelId)) feed.gap(frame.value);
        return;
      case "error":
        return this.#refused(frame.value);
      case "ack":
        return void this.#posts.settle(frame.value.requestId, frame.value.position ?? nowhere);
      case "ready":
        this.#asked.delete(frame.value.requestId);
        if (this.#everything.isReady(frame.value.requestId)) this.outside.allReady();
        this.#backoff.reset();
        return;
      case "goAway":
        return this.#goAway(frame.value);
      case "typing":
        return this.outside.typing(frame.value);
    }
  }

  #greeted(heartbeatMs: number, now: number): void {
    for (const timer of this.#timers.splice(0)) timer.cancel();
    this.#heartbeat.watch(heartbeatMs, now);
    this.#change("connected");
    this.#subscribeToAll();
  }

  #subscribeToAll(): void {
    this.#subscribe(this.#channels.ids(), this.#everything.isWanted);
  }

  #subscribe(channelIds: readonly string[], all = false): void {
    const frames = this.#channels.wanted(channelIds).map((channels) => ({ channels }));
    for (const subscribe of all ? this.#everything.frames(frames) : frames) {
      const { channels } = subscribe;
      const requestId = this.#request({ subscribe });
      if ("all" in subscribe) this.#everything.requestId = requestId;
      this.#asked.set(
        requestId,
        channels.map(({ channelId }) => channelId),
      );
    }
  }

  #unsubscribed({ channelId, reason }: Unsubscribed): void {
    if (reason === UnsubscribedReason.UNSUBSCRIBED_REASON_REQUESTED) return;
    const isDeleted = reason === UnsubscribedReason.UNSUBSCRIBED_REASON_DELETED;
    this.#endChannel(
      channelId,
      new ConfabError(isDeleted ? "channel_not_found" : "not_in_channel", channelId),
    );
  }

  /** An error about a channel concerns it alone, any other all channels of its request. */
  #refused({ requestId, problem, channelId }: RequestFailed): void {
    const error = errorOfProblem(problem);
    if (this.#posts.settle(requestId, error)) return;
    if (this.#everything.concerns(requestId, channelId, error.code)) {
      if (!errorTable[error.code].retry) return this.outside.incomplete(error);
      return this.#later(this.#backoff.next(error.retryMs), () => this.#subscribeToAll());
    }
    const concerned = channelId ? [channelId] : (this.#asked.get(requestId) ?? []);
    const channelIds = this.#asked.has(requestId) ? concerned : [];
    if (!channelId) this.#asked.delete(requestId);
    if (errorTable[error.code].retry) {
      this.#later(this.#backoff.next(error.retryMs), () => this.#subscribe(channelIds));
    } else for (const id of channelIds) this.#endChannel(id, error);
  }

  /** The gateway spreads its clients over time, so there is nothing to wait for after that. */
  #goAway({ reconnectInMs }: GoAway): void {
    this.#later(reconnectInMs, (now) => this.#connect(now));
  }

  #endChannel(channelId: string, error: ConfabError): void {
    for (const feed of this.#channels.end(channelId)) this.outside.channelEnded(feed, error);
  }

  #request(request: ClientRequest): number {
    this.#requests += 1;
    this.outside.send({ requestId: this.#requests, ...request });
    return this.#requests;
  }

  #later(ms: number, call: (now: number) => void): void {
    this.#timers.push(this.outside.later(ms, call));
  }

  #change(state: SessionState, error?: ConfabError): void {
    this.#state = state;
    this.outside.changed(state, error);
  }
}

/** A position that is left out is all zeros, as everything in canonical JSON. */
const nowhere = { seq: 0, id: 0 };
