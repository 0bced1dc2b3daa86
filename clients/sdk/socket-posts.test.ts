import assert from "node:assert/strict";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import type { Client } from "./client.js";
import { connect } from "./index.js";
import { FakeServer } from "./tests/fake-server.js";

const channel = "C000000000001";
const event = (seq: number) => ({ seq, id: 1000 + seq });

describe("a client that subscribes and posts", () => {
  let clock: ManualClock;
  let server: FakeServer;
  let client: Client;

  /** The posts that went over a socket. */
  const posts = (socket = server.socket) =>
    socket.sent.flatMap(({ requestId, post }) => (post ? [{ requestId, post }] : []));
  const callsToPost = () => server.calls.filter(({ method }) => method === "PostMessages");

  beforeEach(async () => {
    clock = new ManualClock();
    server = new FakeServer();
    const { fetch, webSocket } = server;
    client = connect({ url: "http://chat.test/", token: "t", fetch, webSocket, clock, random: () => 0.5 });
    client.subscribe(channel);
    await clock.pass(0);
    server.call.answer({ url: "ws://gateway.test", ticket: "ticket" });
    await clock.pass(0);
    server.socket.frames({ hello: { protocol: 1, heartbeatMs: 24_000 } });
  });

  afterEach(() => client.close());

  it("does so over its connection, one after the other in each channel", async () => {
    const first = client.post(channel, { text: "a", parentId: 7 });
    await clock.pass(0);
    const second = client.post(channel, "b");
    const other = client.post("C000000000002", { text: "c", clientMsgId: "mine" });
    await clock.pass(0);
    const [one, two, ...more] = posts();
    assert.deepEqual(
      [one?.post, two?.post, more.length],
      [
        {
          ...{ channelId: channel, firstAttempt: true },
          message: { text: "a", clientMsgId: idOf(one?.post), parentId: 7, broadcast: false },
        },
        {
          ...{ channelId: "C000000000002", firstAttempt: false },
          message: { text: "c", clientMsgId: "mine", parentId: 0, broadcast: false },
        },
        0,
      ],
    );
    server.socket.frames({ ack: { requestId: two?.requestId, position: event(9) } });
    server.socket.frames({ ack: { requestId: one?.requestId, position: event(1) } });
    assert.deepEqual([await first, await other], [event(1), event(9)]);
    await clock.pass(0);
    server.socket.frames({ ack: { requestId: posts()[2]?.requestId, position: event(2) } });
    assert.deepEqual(await second, event(2));
    assert.equal(callsToPost().length, 0);
  });

  it("calls where many go together, and tells refusals by name", async () => {
    const many = ["a", "b"].map((text) => client.post(channel, text));
    await clock.pass(0);
    server.call.answer({ results: [{ position: event(1) }, { position: event(2) }] });
    await Promise.all(many);
    const refused = client.post(channel, "");
    await clock.pass(0);
    const problem = { code: "no_text", field: "post.message.text", message: "empty" };
    server.socket.frames({ error: { requestId: posts()[0]?.requestId, problem } });
    await assert.rejects(refused, { code: "no_text", field: "post.message.text" });
    assert.deepEqual([posts().length, callsToPost().length], [1, 1]);
  });

  it("repeats by a call, under the same id, what its connection did not answer", async () => {
    const post = client.post(channel, "a");
    await clock.pass(0);
    const id = idOf(posts()[0]?.post);
    server.socket.end(1006);
    await clock.pass(225);
    const [call] = callsToPost();
    assert.deepEqual(call?.body.messages, [{ text: "a", clientMsgId: id }]);
    assert.equal(call?.body.firstAttempt, undefined);
    call?.answer({ results: [{ position: event(1) }] });
    assert.deepEqual(await post, event(1));
  });

  it("waits no longer for an answer than for that to a call", async () => {
    const post = client.post(channel, "a");
    await clock.pass(10_000);
    assert.equal(callsToPost().length, 0);
    await clock.pass(225);
    callsToPost()[0]?.answer({ results: [{ position: event(1) }] });
    assert.deepEqual(await post, event(1));
  });

  it("fails what has no answer when it is closed", async () => {
    const post = client.post(channel, "a");
    await clock.pass(0);
    const failed = assert.rejects(post, { code: "unavailable", message: /closed/ });
    await client.close();
    await failed;
  });
});

/** The `client_msg_id` of a post that went over a socket. */
function idOf(post: unknown): string {
  return (post as { message: { clientMsgId: string } }).message.clientMsgId;
}
