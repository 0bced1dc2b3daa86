import assert from "node:assert/strict";
import { ManualClock } from "../../../lib/clock/manual-clock.js";
import { CallerLimits } from "../../../lib/rate-limit/caller-limits.js";
import { ada, bob, createGeneral, message, TestAdmin } from "./test-admin.js";

describe("the rate limits of the admin service", () => {
  const clock = new ManualClock();
  const calls: [string, string][] = [];
  let admin: TestAdmin;

  beforeEach(async () => {
    calls.length = 0;
    const rate = { perSecond: 100, burst: 300 };
    const rates = { user: rate, token: rate, userConnects: rate };
    const called = (method: string, code: string) => void calls.push([method, code]);
    admin = new TestAdmin({ limits: new CallerLimits(rates, clock), rpcMeter: { called } });
    await admin.start();
  });
  afterEach(() => admin.stop());

  it("refuse a call with the time to wait, reach no owner, and leave others alone", async () => {
    const { messaging, directory } = await admin.connect(ada);
    const channelId = await createGeneral({ directory });
    const posts = (count: number) => {
      const messages = Array.from({ length: count }, (_, i) => message(`${i}`));
      return messaging.postMessages({ channelId, messages, firstAttempt: true });
    };
    assert.equal((await posts(256)).results.length, 256);
    const seen = admin.owners.seen.length;
    // 300 less 1 for the channel and 256 for the posts leave 43: 57 more come in 570 ms.
    await assert.rejects(posts(100), { code: "rate_limited", retryMs: 570 });
    assert.equal(admin.owners.seen.length, seen);
    assert.equal((await posts(43)).results.length, 43);
    await (await admin.connect(bob)).directory.whoAmI({});
    clock.advance(1000);
    assert.equal((await posts(100)).results.length, 100);
  });

  it("are measured like every call", async () => {
    const { directory } = await admin.connect(ada);
    for (let i = 0; i < 300; i++) await directory.whoAmI({});
    await assert.rejects(directory.whoAmI({}), { code: "rate_limited", retryMs: 10 });
    assert.deepEqual(calls[0], ["/confab.v1.Directory/WhoAmI", "ok"]);
    assert.deepEqual(calls.at(-1), ["/confab.v1.Directory/WhoAmI", "rate_limited"]);
    assert.equal(calls.length, 301);
  });
});
