import assert from "node:assert/strict";
import { Metadata } from "@grpc/grpc-js";
import { ManualClock } from "../clock/manual-clock.js";
import { boundByDeadline } from "./bound.js";
import type { BoundedCall, RawCall } from "./call.js";

const makeCall = (clientDeadlineMs: number): RawCall => ({
  path: "/test/Method",
  metadata: new Metadata(),
  clientDeadlineMs,
  request: new Uint8Array(),
  abort: new AbortController(),
});

describe("the deadline of a call", () => {
  const clock = new ManualClock();

  const deadlineFor = async (clientDeadlineMs: number): Promise<number> => {
    let seen = 0;
    const serve = boundByDeadline(clock, async ({ deadlineMs }: BoundedCall) => {
      seen = deadlineMs;
      return new Uint8Array();
    });
    await serve(makeCall(clientDeadlineMs));
    return seen - clock.now();
  };

  it("is the client's, ten seconds without one, and never over a minute", async () => {
    assert.equal(await deadlineFor(clock.now() + 2500), 2500);
    assert.equal(await deadlineFor(Number.POSITIVE_INFINITY), 10_000);
    assert.equal(await deadlineFor(clock.now() + 3_600_000), 60_000);
  });

  it("ends a call that is not done, and tells its handler", async () => {
    const call = makeCall(clock.now() + 500);
    const done = boundByDeadline(clock, () => new Promise(() => {}))(call);
    const refused = assert.rejects(done, { code: "deadline_exceeded" });
    await clock.pass(499);
    assert.equal(call.abort.signal.aborted, false);
    await clock.pass(1);
    await refused;
    assert.equal(call.abort.signal.aborted, true);
  });

  it("of a call that is done does nothing", async () => {
    const call = makeCall(clock.now() + 500);
    const answer = new Uint8Array([1]);
    assert.equal(await boundByDeadline(clock, async () => answer)(call), answer);
    await clock.pass(1000);
    assert.equal(call.abort.signal.aborted, false);
  });
});
