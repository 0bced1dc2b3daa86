import assert from "node:assert/strict";
import { z } from "zod";
import { readConfig } from "../config/config.js";
import type { UserId, WorkspaceId } from "../ids/ids.js";
import { CallerLimits } from "./caller-limits.js";
import { callerRates } from "./config.js";

const workspaceId = "W000000000001" as WorkspaceId;
const ada = "U000000000001" as UserId;
const bob = "U000000000002" as UserId;
const caller = (userId: UserId, tokenId: string) => ({ userId, workspaceId, tokenId });

describe("the limits of callers", () => {
  let now = 0;
  const refused: string[] = [];
  const make = (user: number, token: number) => {
    const rate = (burst: number) => ({ perSecond: 1, burst });
    const rates = { user: rate(user), token: rate(token), userConnects: rate(1) };
    return new CallerLimits(rates, { now: () => now }, (limit) => refused.push(limit));
  };
  beforeEach(() => {
    now = 0;
    refused.length = 0;
  });

  it("count all of a user's tokens together, and each by itself", () => {
    const limits = make(3, 2);
    limits.call(caller(ada, "T1"), 2);
    assert.throws(() => limits.call(caller(ada, "T1"), 1), { code: "rate_limited", message: /token/ });
    limits.call(caller(ada, "T2"), 1);
    assert.throws(() => limits.call(caller(ada, "T2"), 1), { code: "rate_limited", message: /user/ });
    limits.call(caller(bob, "T3"), 2);
    assert.deepEqual(refused, ["token", "user"]);
  });

  it("take from neither bucket when one of them refuses, and tell the longer wait", () => {
    const limits = make(10, 2);
    limits.call(caller(ada, "T1"), 2);
    for (let i = 0; i < 20; i++) assert.throws(() => limits.call(caller(ada, "T1"), 2), { retryMs: 2000 });
    now = 2000;
    limits.call(caller(ada, "T1"), 2);
    limits.call(caller(ada, "T2"), 2);
  });

  it("let a caller in again after the clock was set back", () => {
    const limits = make(2, 2);
    now = 1e12;
    limits.call(caller(ada, "T1"), 2);
    now = 0;
    assert.throws(() => limits.call(caller(ada, "T1"), 1), { retryMs: 1000 });
    now = 1000;
    limits.call(caller(ada, "T1"), 1);
  });

  it("count connects by user", () => {
    const limits = make(1, 1);
    limits.connect(caller(ada, "T1"));
    limits.connect(caller(bob, "T2"));
    assert.throws(() => limits.connect(caller(ada, "T3")), { code: "rate_limited", retryMs: 1000 });
  });
});

describe("the configuration of rates", () => {
  const schema = z.object({ rateLimits: z.object(callerRates) });

  it("has a variable for each number", () => {
    const env = {
      CONFAB_ADMIN_RATE_LIMITS_USER_PER_SECOND: "0",
      CONFAB_ADMIN_RATE_LIMITS_TOKEN_BURST: "300",
    };
    const { user, token } = readConfig(schema, env, "admin").rateLimits;
    assert.equal(user.perSecond, 0);
    assert.equal(token.burst, 300);
    assert.ok(token.perSecond > 0);
  });

  it("refuses a burst that the largest call would never fit", () => {
    const env = { CONFAB_ADMIN_RATE_LIMITS_USER_BURST: "255" };
    assert.throws(() => readConfig(schema, env, "admin"), /CONFAB_ADMIN_RATE_LIMITS_USER_BURST/);
  });
});
