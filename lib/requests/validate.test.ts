import assert from "node:assert/strict";
import fc from "fast-check";
import {
  conversationId,
  conversationName,
  countCodePoints,
  eventLimit,
  isStorable,
  pageToken,
  readableId,
  rowLimit,
  shortText,
  userId,
} from "./validate.js";

const refused = (code: string, field: string) => ({ name: "ConfabError", code, field });

describe("validating arguments", () => {
  it("takes ids of the right kind only", () => {
    assert.equal(conversationId("C000000000001", "channel_id"), "C000000000001");
    assert.equal(userId("B000000000001", "user_id"), "B000000000001");
    assert.equal(readableId("U000000000001", "channel_id"), "U000000000001");
    assert.throws(() => conversationId("", "channel_id"), refused("missing_argument", "channel_id"));
    for (const id of ["U000000000001", "C00000000001", "C0000000000012", "c000000000001", "C00000000000I"]) {
      assert.throws(() => conversationId(id, "channel_id"), refused("invalid_id", "channel_id"), id);
    }
    assert.throws(() => userId("C000000000001", "user_id"), refused("invalid_id", "user_id"));
    assert.throws(() => readableId("W000000000001", "channel_id"), refused("invalid_id", "channel_id"));
  });

  it("takes names of 1 to 80 lower-case letters, digits, _ and -", () => {
    for (const name of ["a", "team-x_9", "z".repeat(80)]) assert.equal(conversationName(name, "name"), name);
    assert.throws(() => conversationName("", "name"), refused("missing_argument", "name"));
    for (const name of ["A", "a b", "#a", "ä", "a.b", "a\n", "z".repeat(81)]) {
      assert.throws(() => conversationName(name, "name"), refused("invalid_name", "name"), name);
    }
  });

  it("takes limits up to the largest, and 0 for the usual one", () => {
    for (const limitOf of [eventLimit, rowLimit]) {
      assert.deepEqual(
        [0, 1, 1000].map((limit) => limitOf(limit, "limit")),
        [100, 1, 1000],
      );
      assert.throws(() => limitOf(1001, "limit"), refused("invalid_argument", "limit"));
    }
  });

  it("counts short texts in code points", () => {
    assert.equal(shortText("🎉".repeat(250), 250, "topic"), "🎉".repeat(250));
    assert.equal(shortText("", 250, "topic"), "");
    for (const text of ["🎉".repeat(251), "a\0b", "\ud83c"]) {
      assert.throws(() => shortText(text, 250, "topic"), refused("invalid_argument", "topic"));
    }
  });

  it("bounds page tokens", () => {
    assert.equal(pageToken("general", "page_token"), "general");
    for (const text of ["x".repeat(257), "\0"]) {
      assert.throws(() => pageToken(text, "page_token"), refused("invalid_argument", "page_token"));
    }
  });

  it("counts code points as an iteration does, up to the bound", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(20), (text, max) => {
        const count = [...text].length;
        assert.equal(countCodePoints(text, max) > max, count > max);
        if (count <= max && text.length > max) assert.equal(countCodePoints(text, max), count);
      }),
    );
  });

  it("knows what survives UTF-8", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff)), (units) => {
        const text = String.fromCharCode(...units);
        const same = Buffer.from(text).toString() === text;
        assert.equal(isStorable(text), same && !units.includes(0));
      }),
    );
  });
});
