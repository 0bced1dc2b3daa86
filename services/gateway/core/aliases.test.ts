import assert from "node:assert/strict";
import { Aliases } from "./aliases.js";
import { Feed } from "./feed.js";
import { channel, otherChannel } from "./gateway-stage.js";

describe("the numbers that a server calls channels by", () => {
  const [feed, other] = [new Feed(channel), new Feed(otherChannel)];

  it("lead to their channels, small and large", () => {
    const aliases = new Aliases();
    for (const alias of [1, 255, 256, 257, 2 ** 32 - 1]) {
      assert.equal(aliases.get(alias), undefined);
      aliases.set(alias, feed);
      assert.equal(aliases.get(alias), feed);
    }
    aliases.delete(256, feed);
    assert.deepEqual(
      [1, 255, 256, 257].map((alias) => aliases.get(alias) === feed),
      [true, true, false, true],
    );
  });

  it("lead nowhere once deleted, and stay whose they are", () => {
    const aliases = new Aliases();
    aliases.set(1, feed);
    aliases.set(1, other);
    aliases.delete(1, feed);
    aliases.delete(2, feed);
    assert.equal(aliases.get(1), other);
    aliases.delete(1, other);
    aliases.delete(1, other);
    assert.equal(aliases.get(1), undefined);
  });
});
