import assert from "node:assert/strict";
import { systemClock } from "../clock/system-clock.js";
import type { UserId, WorkspaceId } from "../ids/ids.js";
import type { TokenRow, UserRow } from "../store/directory-store.js";
import { Authenticator } from "./authenticator.js";
import { hashToken, makeToken } from "./token.js";

const userId = "U000000000001" as UserId;
const workspaceId = "W000000000001" as WorkspaceId;

/** A directory of one user whose tokens can be revoked, and that counts lookups. */
class Directory {
  readonly tokens = new Map<string, TokenRow>();
  lookups = 0;
  user: UserRow = {
    ...{ id: userId, workspaceId, name: "ada", displayName: "" },
    ...{ bot: false, deactivated: false, creator: "" },
  };

  add(revoked = false): string {
    const token = makeToken();
    this.put(token, revoked);
    return token;
  }

  put(token: string, revoked: boolean): void {
    const hash = hashToken(token);
    this.tokens.set(hash, { hash, id: `T${this.tokens.size}`, userId, workspaceId, label: "", revoked });
  }

  async findToken(hash: string) {
    this.lookups++;
    return this.tokens.get(hash);
  }

  async findUser(id: UserId) {
    return id === userId ? this.user : undefined;
  }
}

function setUp(options = { cacheTtlMs: 1000, cachedTokensMax: 2 }) {
  const directory = new Directory();
  const clock = { ...systemClock, nowMs: 0, now: () => clock.nowMs };
  return { directory, clock, authenticator: new Authenticator(directory, clock, options) };
}

const refused = { name: "ConfabError", code: "invalid_auth" };

describe("the authenticator", () => {
  it("tells whose a token is", async () => {
    const { directory, authenticator } = setUp();
    const caller = await authenticator.authenticate(directory.add());
    assert.deepEqual(caller, { userId, workspaceId, tokenId: "T0" });
  });

  it("refuses what is unknown, revoked, or of a deactivated user", async () => {
    const { directory, authenticator } = setUp();
    await assert.rejects(authenticator.authenticate(makeToken()), refused);
    await assert.rejects(authenticator.authenticate(directory.add(true)), refused);
    directory.user = { ...directory.user, deactivated: true };
    await assert.rejects(authenticator.authenticate(directory.add()), refused);
  });

  it("does not look up what cannot be a token", async () => {
    const { directory, authenticator } = setUp();
    await assert.rejects(authenticator.authenticate("hunter2"), refused);
    assert.equal(directory.lookups, 0);
  });

  it("asks once for callers at the same time, and again after the time to live", async () => {
    const { directory, clock, authenticator } = setUp();
    const token = directory.add();
    await Promise.all([authenticator.authenticate(token), authenticator.authenticate(token)]);
    clock.nowMs = 999;
    await authenticator.authenticate(token);
    assert.equal(directory.lookups, 1);
    directory.put(token, true);
    clock.nowMs = 1000;
    await assert.rejects(authenticator.authenticate(token), refused);
  });

  it("asks again when the clock was set back", async () => {
    const { directory, clock, authenticator } = setUp();
    clock.nowMs = 5000;
    const token = directory.add();
    await authenticator.authenticate(token);
    clock.nowMs = 4000;
    await authenticator.authenticate(token);
    assert.equal(directory.lookups, 2);
  });

  it("remembers no refusal: a token that is created later works at once", async () => {
    const { directory, authenticator } = setUp();
    const token = makeToken();
    await assert.rejects(authenticator.authenticate(token), refused);
    directory.put(token, false);
    assert.equal((await authenticator.authenticate(token)).userId, userId);
  });

  it("remembers no more tokens than it may, the oldest forgotten first", async () => {
    const { directory, authenticator } = setUp();
    const [first, second, third] = [directory.add(), directory.add(), directory.add()] as const;
    for (const token of [first, second, third]) await authenticator.authenticate(token);
    await authenticator.authenticate(third);
    await authenticator.authenticate(second);
    assert.equal(directory.lookups, 3);
    await authenticator.authenticate(first);
    assert.equal(directory.lookups, 4);
  });
});
