import assert from "node:assert/strict";
import { ConfabError } from "../errors/errors.js";
import { drainKey, fenceKey, memberKey, moveKey, pinKey } from "./keys.js";
import {
  drainEntry,
  drainedMember,
  fenceEntry,
  incarnationToFence,
  moveEntry,
  parseMove,
  parsePin,
  pinEntry,
} from "./wishes.js";

const move = { slot: 7, fromIncarnation: "a/1", toMemberId: "b", toIncarnation: "b/1", toAddress: "b:1" };

describe("moves and wishes", () => {
  it("come back as they were written, under keys of their own", () => {
    assert.deepEqual([moveKey(7), pinKey(7)], ["moves/0007", "pins/0007"]);
    assert.deepEqual(parseMove(moveEntry(move)), move);
    assert.deepEqual(parsePin(pinEntry({ slot: 7, memberId: "b" })), { slot: 7, memberId: "b" });
    assert.equal(drainedMember(drainEntry("b")), "b");
    assert.equal(incarnationToFence(fenceEntry("b/1")), "b/1");
  });

  it("count as absent when they are not those of their keys or name nobody", () => {
    const { key } = moveEntry(move);
    for (const change of [{ slot: 8 }, { fromIncarnation: "" }, { toMemberId: "" }, { toAddress: "" }]) {
      const { value } = moveEntry({ ...move, ...change });
      assert.equal(parseMove({ key, value }), undefined, value);
    }
    assert.equal(parseMove({ key, value: "nonsense" }), undefined);
    assert.equal(
      parsePin({ key: "pins/0007", value: pinEntry({ slot: 8, memberId: "b" }).value }),
      undefined,
    );
    assert.equal(parsePin(pinEntry({ slot: 7, memberId: "" })), undefined);
  });

  it("have no keys for what is no slot, member or incarnation", () => {
    for (const slot of [-1, 4096, 0.5]) {
      assert.throws(() => moveKey(slot), ConfabError);
      assert.throws(() => pinKey(slot), ConfabError);
    }
    for (const id of ["", "a b", "a/b"]) {
      assert.throws(() => memberKey(id), ConfabError);
      assert.throws(() => drainKey(id), ConfabError);
    }
    for (const id of ["", "a/b/c", "a b"]) assert.throws(() => fenceKey(id), ConfabError);
  });
});
