import assert from "node:assert/strict";
import type { PostMessagesRequest, PostResult } from "../../../gen/confab/v1/messaging.js";
import { ManualClock } from "../../../lib/clock/manual-clock.js";
import { ConfabError, type ErrorCode } from "../../../lib/errors/errors.js";
import { Patience } from "../server/patience.js";
import type { Line } from "./line.js";
import { Poster, type Settled } from "./poster.js";

const lines: Line[] = ["a", "b", "c"].map((text, i) => ({ number: i + 1, text, bytes: 1 }));
const stored = (seq: number): PostResult => ({ result: { $case: "position", value: { seq, id: seq } } });
const refused = (code: ErrorCode): PostResult => {
  const { field, message, retryMs } = new ConfabError(code);
  return { result: { $case: "problem", value: { code, field, message, retryMs } } };
};

/** Posts the lines to a server that gives these answers one after the other, while time flies. */
async function post(answers: readonly (PostResult[] | ConfabError)[], posted = lines) {
  const clock = new ManualClock();
  const requests: PostMessagesRequest[] = [];
  let ids = 0;
  const poster = new Poster(
    {
      send: async (request) => {
        const answer = answers[requests.length] ?? new ConfabError("unavailable");
        requests.push(request);
        if (answer instanceof ConfabError) throw answer;
        return { results: answer };
      },
      patience: new Patience({ clock, random: () => 0.5, stop: new AbortController().signal }, 30_000),
      makeId: () => `id-${++ids}`,
    },
    "C1",
  );
  let over = false;
  const batch = poster.post(posted).finally(() => {
    over = true;
  });
  while (!over) await clock.pass(1000);
  return { requests, ...(await batch) };
}

const ids = ({ messages }: PostMessagesRequest) => messages.map(({ clientMsgId }) => clientMsgId);
const outcomes = (settled: readonly Settled[]) =>
  settled.map(({ outcome }) => (outcome instanceof ConfabError ? outcome.code : outcome?.seq));

describe("Poster", () => {
  it("posts all lines in one call", async () => {
    const { requests, settled, stoppedBy } = await post([[stored(4), stored(5), stored(6)]]);
    assert.deepEqual([outcomes(settled), stoppedBy], [[4, 5, 6], undefined]);
    assert.deepEqual(
      requests.map(({ firstAttempt, messages }) => [firstAttempt, messages.map(({ text }) => text)]),
      [[true, ["a", "b", "c"]]],
    );
  });

  it("sends again what failed in passing: the same ids, and not as a first attempt", async () => {
    const { requests, settled } = await post([
      new ConfabError("deadline_exceeded"),
      [stored(4), refused("overloaded"), refused("overloaded")],
      [stored(5), stored(6)],
    ]);
    assert.deepEqual(outcomes(settled), [4, 5, 6]);
    assert.deepEqual(requests.map(ids), [
      ["id-1", "id-2", "id-3"],
      ["id-1", "id-2", "id-3"],
      ["id-2", "id-3"],
    ]);
    assert.deepEqual(
      requests.map(({ firstAttempt }) => firstAttempt),
      [true, false, false],
    );
  });

  it("notes refusals and posts the others", async () => {
    const { settled, requests, stoppedBy } = await post([[refused("no_text"), stored(4), stored(5)]]);
    assert.deepEqual([outcomes(settled), requests.length, stoppedBy], [["no_text", 4, 5], 1, undefined]);
  });

  it("does not send lines that have a fault, nor an empty call", async () => {
    const fault = new ConfabError("invalid_text");
    const { settled, requests } = await post([], [{ ...lines[0]!, fault }]);
    assert.deepEqual([outcomes(settled), requests.length], [["invalid_text"], 0]);
  });

  it("stops at a failure that does not pass, without an outcome for what was sent", async () => {
    const { settled, stoppedBy, requests } = await post([new ConfabError("invalid_auth")]);
    assert.deepEqual(outcomes(settled), [undefined, undefined, undefined]);
    assert.deepEqual([(stoppedBy as ConfabError).code, requests.length], ["invalid_auth", 1]);
  });

  it("stops when nothing has succeeded for too long", async () => {
    const { settled, stoppedBy, requests } = await post([[stored(4), refused("overloaded"), stored(5)]]);
    assert.deepEqual(outcomes(settled), [4, undefined, 5]);
    assert.equal((stoppedBy as ConfabError).code, "unavailable");
    assert.ok(requests.length > 5);
  });
});
