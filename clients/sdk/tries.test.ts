import assert from "node:assert/strict";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import { ConfabError } from "../../lib/errors/errors.js";
import type { Client } from "./client.js";
import { connect, type Fetch } from "./index.js";
import { FakeServer } from "./tests/fake-server.js";

const channel = "C000000000001";
const event = (seq: number) => ({ seq, id: 1000 + seq });

describe("a client's tries", () => {
  let clock: ManualClock;
  let server: FakeServer;
  let client: Client;

  beforeEach(() => {
    clock = new ManualClock();
    server = new FakeServer();
    const { fetch } = server;
    client = connect({ url: "http://chat.test/", token: "t", fetch, clock, random: () => 0.5 });
  });
  afterEach(() => client.close());

  const stored = (seq: number) => ({ results: [{ position: event(seq) }] });
  const textsOf = (index: number) =>
    (server.calls[index]!.body.messages as { text: string }[]).map(({ text }) => text);

  it("begins no try once a post is given up, and then tells what went wrong with the last", async () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const post = client.post(channel, { text: "a", signal: one.signal });
    await clock.pass(0);
    one.abort();
    server.call.answer(stored(1));
    assert.deepEqual(await post, event(1), "the outcome of the try under way counts");
    const pausing = client.post(channel, { text: "b", signal: other.signal });
    const failed = assert.rejects(pausing, { code: "overloaded" });
    await clock.pass(0);
    server.call.refuse(new ConfabError("overloaded", "", undefined, 5000));
    const behind = client.post(channel, "c");
    await clock.pass(0);
    other.abort();
    await failed;
    await clock.pass(0);
    assert.deepEqual([server.calls.length, textsOf(2)], [3, ["c"]]);
    server.call.answer(stored(2));
    await behind;
    const never = client.post(channel, { text: "d", signal: other.signal });
    const refused = assert.rejects(never, { code: "unavailable", message: /given up before a try/ });
    await clock.pass(0);
    await refused;
    assert.equal(server.calls.length, 3);
  });

  it("repeats others when it is told to, until they are refused", async () => {
    const request = { channelId: channel, messageId: 1, emoji: "tada" };
    const repeated = client.repeat((options) => client.messaging.addReaction(request, options));
    const refused = assert.rejects(repeated, { code: "already_reacted" });
    await clock.pass(0);
    server.call.break();
    await clock.pass(1000);
    server.call.refuse(new ConfabError("already_reacted"));
    await refused;
    assert.equal(server.calls.length, 2);
  });

  it("asks before each try where the server is, and who to be", async () => {
    const urls = ["http://one.test", new ConfabError("unavailable", "", "nowhere"), "http://two.test/"];
    const asked: string[] = [];
    const url = () => {
      const next = urls.shift();
      if (next instanceof Error) throw next;
      return next ?? new Promise<string>(() => {});
    };
    const fetch: Fetch = (target, init) => {
      asked.push(`${target} ${init.headers.authorization}`);
      return server.fetch(target, init);
    };
    const moving = connect({ url, token: async () => `t${urls.length}`, fetch, clock, random: () => 0.5 });
    const answer = moving.directory.whoAmI();
    await clock.pass(0);
    server.call.break();
    await clock.pass(1000);
    server.call.answer({});
    await answer;
    const path = "/confab.v1.Directory/WhoAmI";
    assert.deepEqual(asked, [`http://one.test${path} Bearer t2`, `http://two.test${path} Bearer t0`]);
    const unanswered = assert.rejects(moving.directory.whoAmI(), { code: "deadline_exceeded" });
    await clock.pass(60_000);
    await unanswered;
    await moving.close();
  });

  it("reads a part of a history, and no more than that", async () => {
    const read = async () => {
      const seqs: number[] = [];
      const part = { beforeSeq: 10, afterSeq: 4, pageEvents: 3 };
      for await (const { seq } of client.history(channel, part)) seqs.push(seq);
      return seqs;
    };
    const reading = read();
    await clock.pass(0);
    server.call.answer({ messages: [{ seq: 9 }, { seq: 7 }], nextBeforeSeq: 7 });
    await clock.pass(0);
    assert.deepEqual([server.call.body.beforeSeq, server.call.body.limit], [7, 2]);
    server.call.answer({ messages: [{ seq: 6 }, { seq: 5 }], nextBeforeSeq: 5 });
    assert.deepEqual([await reading, server.calls.length], [[9, 7, 6, 5], 2]);
  });
});
