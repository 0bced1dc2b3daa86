import assert from "node:assert/strict";
import { ManualClock } from "../../../lib/clock/manual-clock.js";
import { ConfabError, connect, type ErrorCode } from "../../sdk/node.js";
import { FakeServer } from "../../sdk/tests/fake-server.js";
import type { Line } from "./line.js";
import { type Batch, Poster } from "./poster.js";

const lines: Line[] = ["a", "b", "c"].map((text, i) => ({ number: i + 1, text, bytes: 1 }));
const stored = (seq: number) => ({ position: { seq, id: seq } });
const refused = (code: ErrorCode) => ({ problem: { code } });

/** Posts lines to a server that a test plays, with 30 seconds of patience. */
function setUp(posted = lines, trace = false) {
  const clock = new ManualClock();
  const server = new FakeServer();
  const { fetch } = server;
  const client = connect({ url: "http://chat.test", token: "t", fetch, clock, random: () => 0.5 });
  const stop = new AbortController();
  const poster = new Poster({ client, clock, timeoutMs: 30_000, stop: stop.signal, trace }, "C000000000001");
  const batch = poster.post(posted);
  const texts = () =>
    server.calls.map(({ body }) => (body.messages as { text: string }[]).map(({ text }) => text).join(""));
  return { clock, server, stop, batch, texts };
}

const outcomes = ({ settled }: Batch) =>
  settled.map(({ outcome }) => (outcome instanceof ConfabError ? outcome.code : outcome?.seq));

describe("Poster", () => {
  it("posts all lines in one call", async () => {
    const { clock, server, batch, texts } = setUp();
    await clock.pass(0);
    server.call.answer({ results: [stored(4), stored(5), stored(6)] });
    const { stoppedBy } = await batch;
    assert.deepEqual([outcomes(await batch), stoppedBy, texts()], [[4, 5, 6], undefined, ["abc"]]);
  });

  it("posts each line that is to be traced by itself, and notes its trace", async () => {
    const { clock, server, batch, texts } = setUp(lines, true);
    for (const seq of [4, 5, 6]) {
      await clock.pass(0);
      server.call.answer({ results: [stored(seq)] });
    }
    const ids = (await batch).settled.map(({ traceId }) => traceId);
    assert.deepEqual(texts(), ["a", "b", "c"]);
    assert.deepEqual(
      ids,
      server.calls.map(({ headers }) => headers.traceparent?.split("-")[1]),
    );
    assert.ok(ids[0]);
  });

  it("notes refusals and posts the others", async () => {
    const { clock, server, batch } = setUp();
    await clock.pass(0);
    server.call.answer({ results: [refused("no_text"), stored(4), stored(5)] });
    assert.deepEqual([outcomes(await batch), (await batch).stoppedBy], [["no_text", 4, 5], undefined]);
  });

  it("does not send lines that have a fault, nor an empty call", async () => {
    const fault = new ConfabError("invalid_text");
    const { server, batch } = setUp([{ ...lines[0]!, fault }]);
    assert.deepEqual([outcomes(await batch), server.calls.length], [["invalid_text"], 0]);
  });

  it("stops at a failure that does not pass, without an outcome for what was sent", async () => {
    const { clock, server, batch } = setUp();
    await clock.pass(0);
    server.call.refuse(new ConfabError("invalid_auth"));
    assert.deepEqual(outcomes(await batch), [undefined, undefined, undefined]);
    assert.deepEqual([Object((await batch).stoppedBy).code, server.calls.length], ["invalid_auth", 1]);
  });

  it("goes on as long as there is progress, and stops when there was none for too long", async () => {
    const { clock, server, batch, texts } = setUp();
    await clock.pass(0);
    server.call.break();
    await clock.pass(29_000);
    server.call.answer({ results: [stored(4), refused("overloaded"), refused("overloaded")] });
    await clock.pass(29_000);
    server.call.answer({ results: [stored(5), refused("overloaded")] });
    for (let i = 0; i < 29; i++) {
      await clock.pass(1000);
      if (i % 5 === 0) server.call.break();
    }
    server.call.refuse(new ConfabError("overloaded", "", "too busy", 100_000));
    await clock.pass(1000);
    const { stoppedBy } = await batch;
    assert.deepEqual(outcomes(await batch), [4, 5, undefined]);
    assert.deepEqual(
      [Object(stoppedBy).code, Object(stoppedBy).message],
      ["overloaded", "no progress for 30 s: too busy"],
    );
    assert.deepEqual([...new Set(texts())], ["abc", "bc", "c"]);
  });

  it("does not wait for a call that hangs when time is up", async () => {
    const { clock, batch } = setUp();
    await clock.pass(30_000);
    assert.match(Object((await batch).stoppedBy).message, /^no progress for 30 s: /);
  });

  it("ends behind the call under way when it is stopped", async () => {
    const { clock, server, stop, batch } = setUp();
    await clock.pass(0);
    stop.abort();
    server.call.answer({ results: [stored(4), refused("overloaded"), stored(5)] });
    await clock.pass(0);
    assert.deepEqual([outcomes(await batch), server.calls.length], [[4, undefined, 5], 1]);
    assert.equal(Object((await batch).stoppedBy).code, "overloaded");
  });
});
