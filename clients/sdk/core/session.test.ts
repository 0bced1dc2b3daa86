import assert from "node:assert/strict";
import { ServerFrame } from "../../../gen/json/confab/v1/realtime.js";
import { ManualClock } from "../../../lib/clock/manual-clock.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { sendsUnderWayMax } from "../../../lib/limits/limits.js";
import { Feed } from "./feed.js";
import { Session } from "./session.js";

const position = (seq: number) => ({ seq, id: 1000 + seq });

describe("a session", () => {
  let clock: ManualClock;
  let session: Session;
  let opened: number;
  let dropped: number;
  let sent: Record<string, unknown>[];
  let states: string[];
  let ended: string[];
  let errors: (ConfabError | undefined)[];

  beforeEach(() => {
    clock = new ManualClock();
    [opened, dropped, sent, states, ended, errors] = [0, 0, [], [], [], []];
    session = new Session({
      open: () => opened++,
      drop: () => dropped++,
      send: (frame) => sent.push(frame),
      later: (ms, call) => clock.after(ms, () => call(clock.now())),
      random: () => 0.5,
      changed: (state, error) => {
        states.push(state);
        errors.push(error);
      },
      channelEnded: ({ channelId }, { code }) => ended.push(`${channelId} ${code}`),
      typing: ({ userId }) => ended.push(userId),
      discovered: () => {},
      allReady: () => {},
      incomplete: () => {},
    });
  });

  function follow(channelId: string, seq?: number) {
    const accepted: number[] = [];
    const outside = {
      began: () => {},
      accept: (event: { seq: number }) => accepted.push(event.seq),
      fetch: () => {},
      lost: () => {},
    };
    const feed = new Feed(channelId, outside, seq === undefined ? undefined : position(seq));
    session.follow(feed, clock.now());
    return { feed, accepted };
  }

  const frame = (json: object) => session.received(ServerFrame.fromJSON(json), clock.now());
  const hello = () => frame({ hello: { protocol: 1, heartbeatMs: 24_000 } });
  const event = (channelId: string, seq: number) => frame({ events: [{ channelId, event: position(seq) }] });
  const subscribes = () => sent.flatMap(({ subscribe }) => (subscribe ? [subscribe] : []));
  const lastRequest = () => sent.at(-1)?.requestId;
  const post = (text: string, told: string[]) => {
    const message = { text, clientMsgId: text, parentId: 0, broadcast: false };
    return session.post({ channelId: "C1", message, firstAttempt: true }, (outcome) =>
      told.push(outcome instanceof ConfabError ? outcome.code : `${outcome.seq}`),
    );
  };
  const lose = () => session.closed(1006, "");

  it("connects with the first feed, and asks for all channels once it is greeted", () => {
    assert.equal(session.state, "idle");
    follow("C1");
    follow("C2", 0);
    assert.deepEqual([opened, sent], [1, []]);
    hello();
    const channels = [{ channelId: "C1" }, { channelId: "C2", position: { seq: 0, id: 1000 } }];
    assert.deepEqual(sent, [{ requestId: 1, subscribe: { channels } }]);
    follow("C3");
    assert.deepEqual(subscribes().at(-1), { channels: [{ channelId: "C3" }] });
    assert.deepEqual(states, ["connecting", "connected"]);
  });

  it("resumes behind what its feeds have, wherever it is connected next", () => {
    const { accepted } = follow("C1");
    hello();
    frame({ subscribed: { channelId: "C1", position: position(7), requestId: 1 } });
    event("C1", 8);
    lose();
    assert.equal(session.state, "waiting");
    clock.advance(125);
    assert.equal(opened, 2);
    hello();
    assert.deepEqual(subscribes().at(-1), { channels: [{ channelId: "C1", position: position(8) }] });
    event("C1", 8);
    event("C1", 9);
    assert.deepEqual(accepted, [8, 9]);
  });

  it("waits longer after each failure, and starts again after a success", () => {
    follow("C1");
    for (const pauseMs of [125, 250, 500, 1000]) {
      session.lost(new ConfabError("unavailable"));
      clock.advance(pauseMs - 1);
      assert.equal(session.state, "waiting");
      clock.advance(1);
      assert.equal(session.state, "connecting");
    }
    hello();
    frame({ ready: { requestId: 1 } });
    lose();
    clock.advance(125);
    assert.equal(session.state, "connecting");
  });

  it("gives up on a gateway that does not greet in time", () => {
    follow("C1");
    clock.advance(10_000);
    assert.deepEqual([session.state, errors.at(-1)?.code], ["waiting", "unavailable"]);
  });

  it("reconnects after closes below 4500, and ends with a named error after others", () => {
    for (const code of [1000, 1006, 4000, 4499]) {
      follow("C1");
      hello();
      session.closed(code, "");
      assert.equal(session.state, "waiting", String(code));
      clock.advance(10_000);
    }
    session.closed(4500, "too large");
    assert.deepEqual([session.state, errors.at(-1)?.code], ["ended", "frame_too_large"]);
    assert.match(errors.at(-1)!.message, /4500: too large/);
    assert.deepEqual(ended, Array(4).fill("C1 frame_too_large"));
    follow("C2");
    clock.advance(60_000);
    assert.deepEqual([session.state, ended.at(-1)], ["ended", "C2 frame_too_large"]);
  });

  it("ends when the token is refused, but not while the service is down or broken", () => {
    follow("C1");
    for (const code of ["unavailable", "overloaded", "deadline_exceeded", "internal"] as const) {
      session.lost(new ConfabError(code));
      assert.equal(session.state, "waiting", code);
      clock.advance(10_000);
    }
    session.lost(new ConfabError("invalid_auth"));
    assert.deepEqual([session.state, ended], ["ended", ["C1 invalid_auth"]]);
  });

  it("goes when the gateway asks for it, at the time that it names, without a pause", () => {
    follow("C1", 3);
    hello();
    frame({ goAway: { reconnectInMs: 3000 } });
    clock.advance(2999);
    assert.equal(session.state, "connected");
    clock.advance(1);
    assert.deepEqual([session.state, opened], ["connecting", 2]);
  });

  it("asks a silent gateway for a sign of life, and leaves it without one", () => {
    follow("C1");
    hello();
    clock.advance(24_000);
    assert.deepEqual(sent.at(-1), { requestId: 2, ping: {} });
    frame({ pong: { requestId: 2 } });
    clock.advance(26_000);
    assert.equal(lastRequest(), 3);
    clock.advance(21_999);
    assert.equal(session.state, "connected");
    clock.advance(1);
    assert.notEqual(session.state, "connected");
    assert.match(errors.find(Boolean)!.message, /no sign of life/);
  });

  it("does not wait when it is woken: tests an open connection, opens a lost one", () => {
    follow("C1");
    hello();
    session.wake(clock.now());
    assert.deepEqual(sent.at(-1), { requestId: 2, ping: {} });
    clock.advance(8000);
    assert.equal(opened, 2);
    for (let i = 0; i < 6; i++) {
      lose();
      clock.advance(8000);
    }
    lose();
    const before = opened;
    session.wake(clock.now());
    assert.equal(opened, before + 1);
  });

  it("a channel that is refused ends alone; what may pass is asked again", () => {
    follow("C1");
    follow("C2");
    hello();
    const problem = (code: string, retryMs = 0) => ({ code, message: "no", retryMs });
    frame({ error: { requestId: 1, channelId: "C1", problem: problem("not_in_channel") } });
    frame({ error: { requestId: 1, channelId: "C2", problem: problem("overloaded", 500) } });
    assert.deepEqual(ended, ["C1 not_in_channel"]);
    clock.advance(625);
    assert.deepEqual(subscribes().slice(1), [{ channels: [{ channelId: "C2" }] }]);
    frame({ error: { requestId: lastRequest(), problem: problem("too_many_subscriptions") } });
    assert.deepEqual(ended, ["C1 not_in_channel", "C2 too_many_subscriptions"]);
    assert.equal(session.state, "connected");
  });

  it("a membership that ends, ends the channel; what was asked for does not", () => {
    const { feed } = follow("C1");
    follow("C2");
    hello();
    frame({ unsubscribed: { channelId: "C2", reason: "UNSUBSCRIBED_REASON_NOT_A_MEMBER" } });
    frame({ unsubscribed: { channelId: "C1", reason: "UNSUBSCRIBED_REASON_REQUESTED" } });
    assert.deepEqual(ended, ["C2 not_in_channel"]);
    session.unfollow(feed);
    session.unfollow(feed);
    assert.deepEqual(sent.slice(1), [{ requestId: 2, unsubscribe: { channelIds: ["C1"] } }]);
    lose();
    assert.equal(session.state, "idle");
    clock.advance(60_000);
    assert.equal(opened, 1);
  });

  it("serves two feeds of a channel by one subscription", () => {
    const first = follow("C1");
    hello();
    frame({ subscribed: { channelId: "C1", position: position(7), requestId: 1 } });
    event("C1", 8);
    const second = follow("C1");
    event("C1", 9);
    assert.deepEqual([first.accepted, second.accepted], [[8, 9], [9]]);
    assert.equal(sent.length, 1);
    session.unfollow(first.feed);
    assert.equal(sent.length, 1);
  });

  it("asks for many channels in several frames", () => {
    for (let i = 0; i < 2500; i++) follow(`C${i}`);
    hello();
    assert.deepEqual(
      subscribes().map((subscribe) => (subscribe as { channels: object[] }).channels.length),
      [1000, 1000, 500],
    );
  });

  it("can be ended twice, and nothing follows", () => {
    follow("C1");
    hello();
    session.end();
    session.end();
    assert.deepEqual([states.at(-1), ended], ["ended", ["C1 unavailable"]]);
    session.closed(1006, "");
    clock.advance(100_000);
    assert.equal(opened, 1);
  });

  it("posts only while it is connected, what fits into a frame, and no more than a gateway takes", () => {
    assert.equal(post("early", []), undefined);
    follow("C1");
    assert.equal(post("early", []), undefined);
    hello();
    assert.equal(post("\u0001".repeat(60_000), []), undefined);
    const told: string[] = [];
    const requests = Array.from({ length: sendsUnderWayMax }, (_, i) => post(`${i}`, told));
    assert.equal(new Set(requests).size, sendsUnderWayMax);
    assert.equal(post("too many", []), undefined);
    frame({ ack: { requestId: requests[1], position: position(7) } });
    frame({
      error: { requestId: requests[0], channelId: "C1", problem: { code: "overloaded", retryMs: 5 } },
    });
    assert.deepEqual(told, ["7", "overloaded"]);
    assert.notEqual(post("again", []), undefined);
    assert.deepEqual(ended, []);
    clock.advance(1000);
    assert.equal(subscribes().length, 1);
  });

  it("tells that a post has no answer when its connection ends, and nothing after that", () => {
    follow("C1");
    hello();
    const told: string[] = [];
    const request = post("a", told);
    post("b", told);
    session.forget(request!, new ConfabError("deadline_exceeded"));
    frame({ ack: { requestId: request, position: position(1) } });
    lose();
    lose();
    assert.deepEqual(told, ["deadline_exceeded", "unavailable"]);
    assert.equal(post("c", told), undefined);
  });
});
