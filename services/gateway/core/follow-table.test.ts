import assert from "node:assert/strict";
import fc from "fast-check";
import type { ChannelId, UserId, WorkspaceId } from "../../../lib/ids/ids.js";
import { Feed } from "./feed.js";
import { allStandings, type Follow, type Standing, standings } from "./follow.js";
import { FollowTable } from "./follow-table.js";
import { Session } from "./session.js";
import { TestClient } from "./test-client.js";

/** Most bytes that a follow may take. */
const followBytesMax = 100;

const identity = { connectionId: "1", tokenId: "1", userId: "U" as UserId, workspaceId: "W" as WorkspaceId };
const makeSession = () => new Session(new TestClient(), identity);
const makeFeed = (_: unknown, number = 0) => new Feed(`C${number}` as ChannelId);

interface Entry {
  readonly follow: Follow;
  readonly session: Session;
  readonly feed: Feed;
  readonly requestId: number;
  standing: Standing;
}

/** What the table is, told by arrays of objects. */
class Model {
  /** In the order in which sessions list their follows. */
  readonly bySession: Entry[] = [];
  /** In the order in which feeds list theirs. */
  byFeed: Entry[] = [];
  readonly table = new FollowTable();

  constructor(
    readonly sessions: readonly Session[],
    readonly feeds: readonly Feed[],
  ) {}

  find(session: Session, feed: Feed): Entry | undefined {
    return this.bySession.find((entry) => entry.session === session && entry.feed === feed);
  }

  add(session: Session, feed: Feed, requestId: number): void {
    const follow = this.table.add(session, feed, requestId);
    const entry = { follow, session, feed, requestId, standing: standings.asking };
    this.bySession.push(entry);
    this.byFeed.push(entry);
  }

  remove(entry: Entry): void {
    this.table.remove(entry.follow);
    this.bySession.splice(this.bySession.indexOf(entry), 1);
    this.byFeed = this.byFeed.filter((other) => other !== entry);
  }

  move(entry: Entry, standing: Standing): void {
    this.table.move(entry.follow, standing);
    entry.standing = standing;
    this.byFeed = [...this.byFeed.filter((other) => other !== entry), entry];
  }

  check(): void {
    const { table } = this;
    const follows = (entries: readonly Entry[]) => entries.map(({ follow }) => follow);
    assert.equal(table.count, this.bySession.length);
    for (const { follow, session, feed, requestId, standing } of this.bySession) {
      assert.equal(table.find(session, feed), follow);
      assert.ok(table.session(follow) === session && table.feed(follow) === feed);
      assert.deepEqual([table.requestId(follow), table.standing(follow)], [requestId, standing]);
    }
    for (const session of this.sessions) {
      const own = this.bySession.filter((entry) => entry.session === session);
      assert.deepEqual(table.ofSession(session), follows(own));
      assert.equal(table.countOf(session), own.length);
      for (const feed of this.feeds)
        if (!this.find(session, feed)) assert.equal(table.find(session, feed), undefined);
    }
    for (const feed of this.feeds) {
      const own = this.byFeed.filter((entry) => entry.feed === feed);
      assert.equal(table.followersOf(feed), own.length);
      for (const standing of allStandings) {
        const there = own.filter((entry) => entry.standing === standing);
        assert.deepEqual(table.standingAt(feed, standing), follows(there));
        assert.equal(table.size(feed, standing), there.length);
      }
    }
  }
}

const action = fc.record({
  session: fc.nat(3),
  feed: fc.nat(3),
  requestId: fc.maxSafeNat(),
  /** What is done to a follow that exists. */
  change: fc.option(fc.constantFrom(...allStandings), { freq: 2 }),
});

describe("the table of follows", () => {
  it("is as arrays of objects would have it", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60, size: "max" }), (actions) => {
        const model = new Model(Array.from({ length: 4 }, makeSession), Array.from({ length: 4 }, makeFeed));
        for (const { session, feed, requestId, change } of actions) {
          const pair = [model.sessions[session]!, model.feeds[feed]!] as const;
          const known = model.find(...pair);
          if (!known) model.add(...pair, requestId);
          else if (change === null) model.remove(known);
          else model.move(known, change);
          model.check();
        }
      }),
    );
  });

  it("is exact while it grows and when it has been emptied", () => {
    const model = new Model(Array.from({ length: 30 }, makeSession), Array.from({ length: 40 }, makeFeed));
    for (const session of model.sessions) for (const feed of model.feeds) model.add(session, feed, 1);
    model.check();
    for (const entry of [...model.bySession].filter((_, at) => at % 3 > 0)) model.remove(entry);
    model.check();
    for (const entry of [...model.bySession]) model.remove(entry);
    model.check();
    assert.ok([...model.sessions, ...model.feeds].every(({ number }) => number === -1));
  });

  it("takes the place of what is gone for what comes", () => {
    const [table, session] = [new FollowTable(), makeSession()];
    const feeds = Array.from({ length: 1000 }, makeFeed);
    for (const feed of feeds) table.add(session, feed, 1);
    const { bytes } = table;
    for (let round = 0; round < 10; round++) {
      for (const follow of table.ofSession(session)) table.remove(follow);
      for (const feed of feeds) table.add(session, feed, 1);
    }
    assert.equal(table.bytes, bytes);
  });

  it(`takes ${followBytesMax} bytes a follow or less, however many there are`, () => {
    const table = new FollowTable();
    const [sessions, feeds] = [
      Array.from({ length: 400 }, makeSession),
      Array.from({ length: 400 }, makeFeed),
    ];
    let most = 0;
    for (const session of sessions) {
      for (const feed of feeds) table.move(table.add(session, feed, 1), standings.liveJsonJoining);
      if (table.count >= 4000) most = Math.max(most, table.bytes / table.count);
    }
    assert.equal(table.count, 160_000);
    assert.ok(most <= followBytesMax, `${most} bytes`);
  });
});
