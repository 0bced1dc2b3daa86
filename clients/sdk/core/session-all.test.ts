import assert from "node:assert/strict";
import { ServerFrame } from "../../../gen/json/confab/v1/realtime.js";
import { ManualClock } from "../../../lib/clock/manual-clock.js";
import { Feed } from "./feed.js";
import { Session } from "./session.js";

const position = (seq: number) => ({ seq, id: 1000 + seq });

describe("a session for everything of a user", () => {
  let clock: ManualClock;
  let session: Session;
  let sent: Record<string, unknown>[];
  let ended: string[];

  beforeEach(() => {
    clock = new ManualClock();
    [sent, ended] = [[], []];
    session = new Session({
      open: () => {},
      drop: () => {},
      send: (frame) => sent.push(frame),
      later: (ms, call) => clock.after(ms, () => call(clock.now())),
      random: () => 0.5,
      changed: () => {},
      channelEnded: ({ channelId }, { code }) => ended.push(`${channelId} ${code}`),
      typing: () => {},
      discovered: (channelId) => {
        if (!session.followed().includes(channelId)) session.adopt(makeFeed(channelId));
      },
      allReady: () => ended.push("all ready"),
      incomplete: ({ code }) => ended.push(`incomplete ${code}`),
    });
  });

  function makeFeed(channelId: string, seq?: number): Feed {
    const outside = { began: () => {}, accept: () => {}, fetch: () => {}, lost: () => {} };
    return new Feed(channelId, outside, seq === undefined ? undefined : position(seq));
  }

  const frame = (json: object) => session.received(ServerFrame.fromJSON(json), clock.now());
  const event = (channelId: string, seq: number) => frame({ events: [{ channelId, event: position(seq) }] });
  const subscribes = () => sent.flatMap(({ subscribe }) => (subscribe ? [subscribe] : []));
  const lastRequest = () => sent.at(-1)?.requestId;
  const lose = () => session.closed(1006, "");
  const greet = () => frame({ hello: { protocol: 1, heartbeatMs: 24_000, userId: "U1" } });
  const subscribed = (channelId: string, seq: number, requestId = 1) =>
    frame({ subscribed: { channelId, position: position(seq), requestId } });
  const reconnect = () => {
    lose();
    clock.advance(60_000);
    greet();
  };

  it("asks for all, and names what it has, the own channel only once all was delivered", () => {
    session.followAll(false, clock.now());
    greet();
    assert.deepEqual(subscribes(), [{ all: true, channels: [] }]);
    subscribed("U1", 3);
    subscribed("C1", 7);
    event("C1", 8);
    reconnect();
    const c1 = { channelId: "C1", position: position(8) };
    assert.deepEqual(subscribes().at(-1), { all: true, channels: [c1] });
    frame({ ready: { requestId: lastRequest() } });
    assert.deepEqual(ended, ["all ready"]);
    reconnect();
    const u1 = { channelId: "U1", position: position(3) };
    assert.deepEqual(subscribes().at(-1), { all: true, channels: [c1, u1] });
  });

  it("takes up what an earlier run had", () => {
    session.adopt(makeFeed("U1", 3));
    session.followAll(true, clock.now());
    greet();
    assert.deepEqual(subscribes(), [{ all: true, channels: [{ channelId: "U1", position: position(3) }] }]);
  });

  it("takes in channels that come later", () => {
    session.followAll(false, clock.now());
    greet();
    frame({ ready: { requestId: 1 } });
    subscribed("C2", 0, 0);
    event("C2", 1);
    assert.deepEqual(session.followed(), ["C2"]);
  });

  it("tells what cannot be followed, and asks again where that may help", () => {
    session.followAll(false, clock.now());
    greet();
    frame({ error: { requestId: 1, problem: { code: "too_many_subscriptions" } } });
    frame({ error: { channelId: "C9", problem: { code: "too_many_subscriptions" } } });
    assert.deepEqual(ended, ["incomplete too_many_subscriptions", "incomplete too_many_subscriptions"]);
    frame({ error: { requestId: 1, problem: { code: "rate_limited", retryMs: 100 } } });
    clock.advance(60_000);
    assert.equal(subscribes().length, 2);
  });

  it("rests when it is wanted no more, and keeps a new connection for the rest", () => {
    session.followAll(false, clock.now());
    greet();
    session.unfollowAll([], clock.now());
    assert.equal(session.state, "idle");
    session.followAll(false, clock.now());
    greet();
    session.follow(makeFeed("C1"), clock.now());
    session.unfollowAll([], clock.now());
    assert.equal(session.state, "connecting");
    greet();
    assert.deepEqual(subscribes().at(-1), { channels: [{ channelId: "C1" }] });
  });
});
