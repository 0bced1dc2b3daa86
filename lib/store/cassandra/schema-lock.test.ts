import assert from "node:assert/strict";
import { errors, types } from "cassandra-driver";
import { ManualClock } from "../../clock/manual-clock.js";
import { type Asked, FakeClient } from "./fake-client.js";
import { withSchemaLock } from "./schema-lock.js";

const timeouts = [
  new errors.OperationTimedOutError("no answer"),
  new errors.ResponseError(types.responseErrorCodes.writeTimeout, "too few answers"),
];

/** Takes the lock while two minutes and more pass, and does nothing with it. */
async function takeWith(answer: (asked: Asked) => object): Promise<string> {
  const clock = new ManualClock();
  const client = new FakeClient(answer);
  const lock = { client: client.driver, keyspace: "confab", clock, random: () => 0.5 };
  const taken = withSchemaLock(lock, async () => "done").catch((error: Error) => error.message);
  await clock.pass(150_000);
  return taken;
}

describe("the lock of the schema", () => {
  for (const timeout of timeouts) {
    it(`may be one's own after no answer came: ${timeout.message}`, async () => {
      let holder: unknown;
      const outcome = await takeWith(({ query, params }) => {
        if (!query.startsWith("INSERT")) return {};
        if (holder !== undefined) return { applied: false, rows: [{ holder }] };
        holder = params[0];
        throw timeout;
      });
      assert.equal(outcome, "done");
    });
  }

  it("is given up when no answer comes at all, or another one does not end", async () => {
    const silent = await takeWith(() => {
      throw timeouts[0];
    });
    assert.match(silent, /no answer/);
    const taken = await takeWith(() => ({ applied: false, rows: [{ holder: "other" }] }));
    assert.match(taken, /somebody else changes the schema of confab/);
  });

  it("is not waited for if it cannot be asked for", async () => {
    let asked = 0;
    const outcome = await takeWith(() => {
      asked++;
      throw new errors.NoHostAvailableError({}, "nobody is there");
    });
    assert.match(outcome, /nobody is there/);
    assert.equal(asked, 1);
  });
});
