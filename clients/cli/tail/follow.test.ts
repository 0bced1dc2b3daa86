import assert from "node:assert/strict";
import { ManualClock } from "../../../lib/clock/manual-clock.js";
import { connect } from "../../sdk/node.js";
import { FakeServer } from "../../sdk/tests/fake-server.js";
import { ConnectionWords } from "./connection-words.js";
import { firstMsMax, follow } from "./follow.js";

const [one, two] = ["C000000000001", "C000000000002"];

/** Follows two channels from their start. */
function setUp() {
  const clock = new ManualClock();
  const server = new FakeServer();
  const said: string[] = [];
  const shown: string[] = [];
  const words = new ConnectionWords((line) => said.push(line));
  const { fetch, webSocket } = server;
  const onState: typeof words.changed = (state, error) => words.changed(state, error);
  const client = connect({ url: "http://chat.test", token: "t", fetch, webSocket, clock, onState });
  const stop = new AbortController();
  const following = follow({
    ...{ client, clock, stop: stop.signal, say: (line) => said.push(line), failure: () => words.failure },
    titles: new Map([
      [one, "#one"],
      [two, "#two"],
    ]),
    position: { seq: 0, id: 0 },
    show: async (channelId, { seq }) => void shown.push(`${channelId} ${seq}`),
  });
  const greet = async () => {
    await clock.pass(0);
    server.call.answer({ url: "ws://gateway.test", ticket: "t" });
    await clock.pass(0);
    server.socket.frames({ hello: { protocol: 1, heartbeatMs: 24_000 } });
    for (const channelId of [one, two]) server.socket.frames({ subscribed: { channelId, requestId: 1 } });
    await clock.pass(0);
  };
  const endChannel = (channelId: string, reason: string) =>
    server.socket.frames({ unsubscribed: { channelId, reason: `UNSUBSCRIBED_REASON_${reason}` } });
  return { clock, server, said, shown, stop, following, greet, endChannel, client };
}

describe("following channels", () => {
  it("shows events until it is stopped", async () => {
    const { server, shown, stop, following, greet, clock } = setUp();
    await greet();
    server.socket.events(one, 1, 2);
    server.socket.events(two, 1);
    await clock.pass(0);
    assert.deepEqual(shown, [`${one} 1`, `${one} 2`, `${two} 1`]);
    stop.abort();
    await following;
    server.socket.events(one, 3);
    assert.equal(shown.length, 3);
  });

  it("goes on without a channel that is over, and ends with the last one", async () => {
    const { said, following, greet, endChannel } = setUp();
    await greet();
    endChannel(one, "DELETED");
    assert.deepEqual(said, ["confab: #one was deleted"]);
    const ended = assert.rejects(following, {
      code: "not_in_channel",
      message: "you are no longer a member of #two",
    });
    endChannel(two, "NOT_A_MEMBER");
    await ended;
    assert.equal(said.length, 1);
  });

  it("ends with the server's words when a channel is refused to begin with", async () => {
    const { server, following, clock } = setUp();
    await clock.pass(0);
    server.call.answer({ url: "ws://gateway.test", ticket: "t" });
    await clock.pass(0);
    server.socket.frames({ hello: { protocol: 1, heartbeatMs: 24_000 } });
    const ended = assert.rejects(following, { code: "invalid_position", message: "too far" });
    const problem = { code: "invalid_position", message: "too far" };
    server.socket.frames({ error: { requestId: 1, channelId: two, problem } });
    await ended;
  });

  it("says what cannot be had any more", async () => {
    const { server, said, shown, stop, following, greet, clock } = setUp();
    await greet();
    const gap = { channelId: one, fromSeq: 1, toSeq: 6, reason: "GAP_REASON_EXPIRED" };
    server.socket.frames({ gap });
    server.socket.events(one, 7);
    await clock.pass(0);
    assert.deepEqual(said, ["confab: events 1 to 6 of #one are gone, or not yours to read"]);
    assert.deepEqual(shown, [`${one} 7`]);
    stop.abort();
    await following;
  });

  it("gives up when nothing is delivered to begin with, and says why", async () => {
    const { server, following, clock, client } = setUp();
    const ended = assert.rejects(following, { code: "unavailable", message: /fetch failed/ });
    await clock.pass(0);
    server.call.break();
    await clock.pass(firstMsMax);
    await ended;
    await client.close();
    const silent = setUp();
    const late = assert.rejects(silent.following, { message: /in time/ });
    await silent.clock.pass(firstMsMax);
    await late;
    await silent.client.close();
  });
});
