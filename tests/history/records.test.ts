import assert from "node:assert/strict";
import { parseRecord } from "./records.js";
import { sampleHistory } from "./sample.js";

describe("a line of a history", () => {
  it("parses to the record that it was written from", () => {
    for (const record of sampleHistory(1, 200)) assert.deepEqual(parseRecord(JSON.stringify(record)), record);
  });

  it("is refused when it is not JSON, of no known type, or lacks or adds a field", () => {
    const good = { type: "deliver", at: 1, conn: "a", channel: "C1" };
    assert.throws(() => parseRecord("{"), SyntaxError);
    assert.throws(() => parseRecord('{"type":"nothing","at":1}'), /type/);
    assert.throws(() => parseRecord(JSON.stringify(good)), /event/);
    assert.throws(() => parseRecord('{"type":"quiet","at":1,"more":2}'), /more/);
  });
});
