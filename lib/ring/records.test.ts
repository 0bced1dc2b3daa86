import assert from "node:assert/strict";
import { ConfabError } from "../errors/errors.js";
import { memberKey, slotKey, slotOfKey } from "./keys.js";
import { isReleased, memberEntry, ownerEntry, parseMember, parseOwner } from "./records.js";

const record = { slot: 42, memberId: "a", incarnation: "a1", address: "h:1", epoch: 9, cleanFrom: 7 };
const member = { memberId: "a", incarnation: "a1", address: "h:1", weight: 2, leaving: true };
const released = { ...record, memberId: "", incarnation: "", address: "" };

describe("keys of the ring", () => {
  it("name slots in four digits, and nothing that is no slot", () => {
    assert.equal(slotKey(42), "slots/0042");
    assert.equal(slotOfKey("slots/4095"), 4095);
    for (const slot of [-1, 4096, 1.5]) assert.throws(() => slotKey(slot), ConfabError);
    for (const key of ["slots/42", "slots/4096", "slots/00042", "slot/0042", "slots/004x"]) {
      assert.equal(slotOfKey(key), undefined, key);
    }
  });

  it("take member ids that cannot be taken for a path", () => {
    assert.equal(memberKey("channel-0.eu_1"), "members/channel-0.eu_1");
    for (const id of ["", "a/b", "a b", "x".repeat(65)]) assert.throws(() => memberKey(id), ConfabError);
  });
});

describe("records of the ring", () => {
  it("come back as they were written", () => {
    assert.deepEqual(ownerEntry(record).key, "slots/0042");
    assert.deepEqual(parseOwner(ownerEntry(record)), record);
    assert.deepEqual(parseOwner(ownerEntry(released)), released);
    assert.deepEqual([isReleased(record), isReleased(released)], [false, true]);
    assert.deepEqual(parseMember(memberEntry(member)), member);
  });

  it("count as absent when they make no sense", () => {
    const { key } = ownerEntry(record);
    const senseless = [
      ...["", "null", "{", "[]", "7"],
      ownerEntry({ ...record, slot: 41 }).value,
      ...[{ address: "" }, { epoch: 6 }, { epoch: 2 ** 60 }, { cleanFrom: 0 }].map(
        (fault) => ownerEntry({ ...record, ...fault }).value,
      ),
    ];
    for (const value of senseless) assert.equal(parseOwner({ key, value }), undefined, value);
    for (const fault of [{ memberId: "b" }, { incarnation: "" }, { address: "" }, { weight: -1 }]) {
      const { value } = memberEntry({ ...member, ...fault });
      assert.equal(parseMember({ key: "members/a", value }), undefined, value);
    }
  });
});
