import assert from "node:assert/strict";
import { Witness } from "./witness.js";

const event = (seq: number, id = seq) => ({ seq, id, author: "U1", kind: undefined });

describe("the witness", () => {
  it("sees events that are not stored yet", () => {
    const witness = new Witness({ reaches: (channelId, seq) => channelId === "C1" && seq <= 2 });
    for (const seq of [1, 2, 3]) witness.saw("C1", event(seq));
    witness.saw("C2", event(1));
    assert.equal(witness.beforeStored, 2);
    assert.equal(witness.different, 0);
  });

  it("sees that one place of a channel holds two events", () => {
    const witness = new Witness({ reaches: () => true });
    witness.saw("C1", event(1, 7));
    witness.saw("C1", event(1, 7));
    witness.saw("C2", event(1, 8));
    assert.equal(witness.different, 0);
    witness.saw("C1", event(1, 8));
    assert.equal(witness.different, 1);
  });
});
