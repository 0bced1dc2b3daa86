import assert from "node:assert/strict";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import { connect } from "./index.js";
import { FakeServer } from "./tests/fake-server.js";

const channel = "C000000000001";

describe("a client that has something traced", () => {
  const clock = new ManualClock();
  let server: FakeServer;
  const client = () => {
    server = new FakeServer();
    const { fetch, webSocket } = server;
    return connect({ url: "http://chat.test/", token: "t", fetch, webSocket, clock, random: Math.random });
  };
  /** Ids of the traces that calls asked for. */
  const asked = () => server.calls.map(({ headers }) => headers.traceparent?.split("-")[1]);

  it("sends the message by a call of its own, and tells the id of the trace", async () => {
    const told: string[] = [];
    const poster = client();
    const posts = [
      poster.post(channel, "a"),
      poster.post(channel, { text: "b", trace: (id) => void told.push(id) }),
      poster.post(channel, "c"),
    ];
    for (const [i, text] of ["a", "b", "c"].entries()) {
      await clock.pass(0);
      const { messages } = server.calls[i]!.body as { messages: { text: string }[] };
      assert.deepEqual(
        messages.map((message) => message.text),
        [text],
      );
      server.calls[i]!.answer({ results: [{ position: { seq: i + 1, id: i + 1 } }] });
    }
    await Promise.all(posts);
    const [before, traced, after] = asked();
    assert.deepEqual([before, after], [undefined, undefined]);
    assert.deepEqual(told, [traced]);
    assert.match(server.calls[1]!.headers.traceparent!, /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    await poster.close();
  });

  it("asks for a trace of any call, and of no other", async () => {
    const told: string[] = [];
    const caller = client();
    const calls = [
      caller.directory.whoAmI({}, { trace: (id) => void told.push(id) }),
      caller.directory.whoAmI({}),
    ];
    await clock.pass(0);
    for (const call of server.calls) call.answer({});
    await Promise.all(calls);
    assert.deepEqual([asked()[0], asked()[1]], [told[0], undefined]);
    assert.equal(told.length, 1);
    await caller.close();
  });
});
