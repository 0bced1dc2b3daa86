import assert from "node:assert/strict";
import { formatStatus, isWhole } from "./status.js";

const one = { name: "channel-1", pid: 12, alive: true, log: "l", addresses: { gRPC: "127.0.0.1:1" } };
const other = { name: "web-1", pid: 123_456, alive: false, log: "l", addresses: {} };

describe("the status of a mesh", () => {
  it("is a line for each process", () => {
    assert.deepEqual(formatStatus([one, other]).split("\n"), [
      "channel-1  runs       12  127.0.0.1:1 (gRPC)",
      "web-1      DEAD   123456",
    ]);
    assert.match(formatStatus([]), /no mesh runs/);
  });

  it("is whole while all run", () => {
    assert(isWhole([one]));
    assert(!isWhole([one, other]));
    assert(!isWhole([]));
  });
});
