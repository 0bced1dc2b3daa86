import assert from "node:assert/strict";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import { ConfabError } from "../../lib/errors/errors.js";
import type { Client } from "./client.js";
import { connect, fromStart } from "./index.js";
import { queueEventsMax } from "./limits.js";
import { FakeServer } from "./tests/fake-server.js";

const channel = "C000000000001";
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const event = (seq: number) => ({ seq, id: 1000 + seq });

describe("a client", () => {
  let clock: ManualClock;
  let server: FakeServer;
  let client: Client;

  beforeEach(() => {
    clock = new ManualClock();
    server = new FakeServer();
    const { fetch, webSocket } = server;
    client = connect({ url: "http://chat.test/", token: "t", fetch, webSocket, clock, random: () => 0.5 });
  });
  afterEach(() => client.close());

  describe("that posts", () => {
    const sent = (index: number) => {
      const { messages, firstAttempt = false } = server.calls[index]!.body as {
        messages: { text: string; clientMsgId: string }[];
        firstAttempt?: boolean;
      };
      return {
        texts: messages.map(({ text }) => text),
        ids: messages.map((one) => one.clientMsgId),
        firstAttempt,
      };
    };
    const stored = (...seqs: number[]) => ({ results: seqs.map((seq) => ({ position: event(seq) })) });

    it("has a message traced by a call of its own, and tells the id of the trace", async () => {
      const told: string[] = [];
      const posts = [
        client.post(channel, "a"),
        client.post(channel, { text: "b", trace: (id) => void told.push(id) }),
        client.post(channel, "c"),
      ];
      for (const [i, text] of ["a", "b", "c"].entries()) {
        await clock.pass(0);
        assert.deepEqual(sent(i).texts, [text]);
        server.calls[i]!.answer(stored(i + 1));
      }
      await Promise.all(posts);
      assert.deepEqual(
        server.calls.map(({ headers }) => headers.traceparent?.slice(-3)),
        [undefined, "-01", undefined],
      );
      assert.deepEqual(told, [server.calls[1]!.headers.traceparent!.split("-")[1]]);
    });

    it("sends what gathers during a call as the next one, in order", async () => {
      const posts = ["a", "b"].map((text) => client.post(channel, text));
      await clock.pass(0);
      posts.push(client.post(channel, { text: "c", parentId: 7 }), client.post(channel, "d"));
      await clock.pass(0);
      assert.equal(server.calls.length, 1);
      server.call.answer(stored(1, 2));
      await clock.pass(0);
      assert.deepEqual(
        [sent(0).texts, sent(1).texts],
        [
          ["a", "b"],
          ["c", "d"],
        ],
      );
      server.call.answer(stored(3, 4));
      assert.deepEqual(await Promise.all(posts), range(1, 4).map(event));
      const ids = [...sent(0).ids, ...sent(1).ids];
      assert.equal(new Set(ids).size, 4);
      assert.ok(ids.every((id) => id.length > 10 && id.length <= 64));
    });

    it("repeats what has no outcome under the same ids, before anything newer", async () => {
      const posts = ["a", "b"].map((text) => client.post(channel, text));
      await clock.pass(0);
      server.call.break();
      await clock.pass(0);
      posts.push(client.post(channel, "c"));
      await clock.pass(225);
      server.call.answer({
        results: [{ position: event(1) }, { problem: { code: "overloaded", retryMs: 5 } }],
      });
      await clock.pass(1000);
      server.call.answer(stored(2));
      await clock.pass(0);
      server.call.answer(stored(3));
      assert.deepEqual(await Promise.all(posts), range(1, 3).map(event));
      assert.deepEqual(
        [0, 1, 2, 3].map((i) => sent(i).texts),
        [["a", "b"], ["a", "b"], ["b"], ["c"]],
      );
      assert.deepEqual(
        [0, 1, 2, 3].map((i) => sent(i).firstAttempt),
        [true, false, false, true],
      );
      assert.deepEqual(sent(1).ids, sent(0).ids);
      assert.deepEqual(sent(2).ids, sent(0).ids.slice(1));
    });

    it("tells each refusal, and does not repeat it", async () => {
      const posts = ["a", "b"].map((text) => client.post(channel, text));
      await clock.pass(0);
      const problem = { code: "no_text", field: "messages[0].text", message: "empty" };
      server.call.answer({ results: [{ problem }, { position: event(1) }] });
      await assert.rejects(posts[0]!, { code: "no_text", field: "messages[0].text", message: "empty" });
      assert.deepEqual(await posts[1], event(1));
      const refused = client.post(channel, "c");
      await clock.pass(0);
      server.call.refuse(new ConfabError("not_in_channel"));
      await assert.rejects(refused, { name: "ConfabError", code: "not_in_channel" });
      await clock.pass(60_000);
      assert.equal(server.calls.length, 2);
    });

    it("tries until its time is up, each time no longer than a call may take", async () => {
      const post = client.post(channel, { text: "a", timeoutMs: 25_000 });
      const late = assert.rejects(post, { code: "deadline_exceeded", message: /may or may not/ });
      const other = client.post("C000000000002", { text: "b", timeoutMs: 25_000, clientMsgId: "mine" });
      const refused = assert.rejects(other, { code: "deadline_exceeded" });
      await clock.pass(24_999);
      const { messages } = server.calls[1]!.body as { messages: object[] };
      assert.deepEqual(messages, [{ text: "b", clientMsgId: "mine" }]);
      assert.equal(server.calls[1]!.body.firstAttempt, undefined);
      await clock.pass(1);
      await Promise.all([late, refused]);
      const ofFirst = server.calls.filter(({ body }) => body.channelId === channel);
      assert.deepEqual([ofFirst.length, ofFirst[0]?.timeoutMs], [3, 10_000]);
      assert.ok(ofFirst[2]!.timeoutMs < 5000);
    });

    it("fails what has no outcome when it is closed", async () => {
      const posts = [client.post(channel, "a"), client.post("C000000000002", "b")];
      await clock.pass(0);
      const failed = posts.map((post) => assert.rejects(post, { code: "unavailable", message: /closed/ }));
      await client.close();
      await client.close();
      await Promise.all(failed);
    });
  });

  describe("that subscribes", () => {
    /** Lets the client connect and greets it. */
    async function greet(ticket = "ticket"): Promise<void> {
      await clock.pass(0);
      assert.equal(server.call.method, "Connect");
      server.call.answer({ url: `ws://gateway-${server.sockets.length + 1}.test`, ticket });
      await clock.pass(0);
      server.socket.frames({ hello: { protocol: 1, heartbeatMs: 24_000 } });
    }
    const subscribed = (seq: number) => ({
      subscribed: { channelId: channel, position: event(seq), requestId: 1 },
    });

    it("connects with a ticket, and begins where the server says", async () => {
      const seqs: number[] = [];
      const subscription = client.subscribe(channel, ({ seq, channelId }) => {
        assert.equal(channelId, channel);
        seqs.push(seq);
      });
      await greet("abc");
      assert.equal(server.socket.url, "ws://gateway-1.test");
      assert.deepEqual(server.socket.subprotocols, ["confab.v1.json", "confab.ticket.abc"]);
      assert.deepEqual(server.socket.sent, [
        { requestId: 1, subscribe: { channels: [{ channelId: channel }] } },
      ]);
      server.socket.frames(subscribed(4));
      await subscription.ready;
      assert.deepEqual(subscription.positions(), { [channel]: event(4) });
      server.socket.events(channel, 5, 6);
      await clock.pass(0);
      assert.deepEqual([seqs, subscription.positions()], [[5, 6], { [channel]: event(6) }]);
    });

    it("goes on at another gateway with another ticket, and fetches what that does not bring", async () => {
      const seqs: number[] = [];
      client.subscribe({ channel, position: event(4) }, ({ seq }) => seqs.push(seq));
      await greet();
      server.socket.events(channel, 5);
      server.socket.end(4000, "going away");
      await clock.pass(125);
      await greet();
      assert.equal(server.sockets.length, 2);
      const channels = [{ channelId: channel, position: event(5) }];
      assert.deepEqual(server.socket.sent.at(-1)?.subscribe, { channels });
      server.sockets[0]!.events(channel, 6);
      server.socket.frames({
        gap: { channelId: channel, fromSeq: 6, toSeq: 8, reason: "GAP_REASON_TOO_FAR_BEHIND" },
      });
      server.socket.events(channel, 9);
      await clock.pass(0);
      assert.deepEqual([server.call.method, server.call.body.afterSeq, seqs], ["ListEvents", 5, [5]]);
      server.call.break();
      await clock.pass(1000);
      server.call.answer({ events: range(6, 8).map(event) });
      await clock.pass(0);
      assert.deepEqual(seqs, range(5, 9));
    });

    it("is bounded by a slow reader, who gets everything all the same", async () => {
      const seqs: number[] = [];
      const subscription = client.subscribe({ channel, position: fromStart });
      await greet();
      const last = queueEventsMax + 200;
      server.socket.events(channel, ...range(1, last));
      const reading = (async () => {
        for await (const { seq } of subscription) if (seqs.push(seq) === last) break;
      })();
      await clock.pass(0);
      assert.equal(seqs.length, queueEventsMax);
      assert.equal(server.call.body.afterSeq, queueEventsMax);
      server.call.answer({ events: range(queueEventsMax + 1, last).map(event) });
      await reading;
      assert.deepEqual(seqs, range(1, last));
    });

    it("ends with the error of its handler, of which the event does not count as handled", async () => {
      const subscription = client.subscribe({ channel, position: event(4) }, ({ seq }) => {
        if (seq === 6) throw new RangeError("six");
      });
      await greet();
      server.socket.events(channel, 5, 6, 7);
      assert.equal((await subscription.closed)?.message, "six");
      assert.deepEqual(subscription.positions(), { [channel]: event(5) });
      assert.deepEqual(server.socket.sent.at(-1)?.unsubscribe, { channelIds: [channel] });
    });

    it("ends with a named error when connecting again is of no use", async () => {
      const subscription = client.subscribe(channel);
      await greet();
      server.socket.end(4500, "too large");
      assert.equal(((await subscription.closed) as ConfabError).code, "frame_too_large");
      await assert.rejects(subscription.ready, { code: "frame_too_large" });
      await assert.rejects(subscription[Symbol.asyncIterator]().next(), { code: "frame_too_large" });
      const another = client.subscribe(channel);
      assert.equal(((await another.closed) as ConfabError).code, "frame_too_large");
      assert.equal(client.state, "ended");
    });

    it("goes on without a channel that is refused, if the application is told of it", async () => {
      const ended: string[] = [];
      const channels = [channel, "C000000000002"];
      const subscription = client.subscribe(channels, undefined, {
        onChannelEnded: (id, { code }) => ended.push(`${id} ${code}`),
        onTyping: ({ userId }) => ended.push(userId),
      });
      await greet();
      const problem = { code: "not_in_channel", message: "no" };
      server.socket.frames({ error: { requestId: 1, channelId: "C000000000002", problem } }, subscribed(1));
      await subscription.ready;
      server.socket.frames({ typing: { channelId: channel, userId: "U1" } }, { typing: { channelId: "C9" } });
      assert.deepEqual(ended, ["C000000000002 not_in_channel", "U1"]);
      await client.typing(channel, 7);
      assert.deepEqual(server.socket.sent.at(-1)?.typing, { channelId: channel, parentId: 7 });
    });

    it("connects at once when it is woken, and takes garbage for a broken connection", async () => {
      client.subscribe(channel);
      await greet();
      server.socket.onmessage?.({ data: "{" });
      assert.equal(client.state, "waiting");
      client.wake();
      await greet();
      assert.equal(client.state, "connected");
    });
  });

  it("takes any number of calls at a time, and ends them all when it is closed", async () => {
    const calls = Array.from({ length: 50 }, () => client.directory.whoAmI());
    const ended = calls.map((call) => assert.rejects(call, { code: "unavailable" }));
    await clock.pass(0);
    for (const call of server.calls.slice(0, 20)) call.refuse(new ConfabError("unavailable"));
    await clock.pass(0);
    await client.close();
    await Promise.all(ended);
  });

  it("repeats calls that only read, and no others", async () => {
    const read = client.directory.whoAmI();
    await clock.pass(0);
    server.call.refuse(new ConfabError("unavailable"));
    await clock.pass(1000);
    server.call.answer({ user: { id: "U1" } });
    assert.equal((await read).user?.name, "");
    const write = client.directory.createUser({ name: "ada" });
    const refused = assert.rejects(write, { code: "unavailable" });
    await clock.pass(0);
    server.call.break();
    await refused;
    assert.deepEqual(
      server.calls.map(({ method }) => method),
      ["WhoAmI", "WhoAmI", "CreateUser"],
    );
  });
});
