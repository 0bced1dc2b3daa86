import assert from "node:assert/strict";
import fc from "fast-check";
import { type ChannelId, parseChannelId } from "./ids.js";
import { packHigh, packLow, unpackId } from "./packed-id.js";

const ids = fc.stringMatching(/^[WUCB][0-9A-HJKMNP-TV-Z]{12}$/).map((id) => id as ChannelId);

describe("a packed id", () => {
  it("is two numbers of 32 bits from which the id comes back", () => {
    const edges = ["W000000000000", "BZZZZZZZZZZZZ", "U000000000001", "C100000000000"].map(parseChannelId);
    for (const id of edges) assert.equal(unpackId(packHigh(id!), packLow(id!)), id);
    fc.assert(
      fc.property(ids, (id) => {
        const [high, low] = [packHigh(id), packLow(id)];
        assert.deepEqual([high, low], [high | 0, low | 0]);
        assert.equal(unpackId(high, low), id);
      }),
    );
  });
});
