import assert from "node:assert/strict";
import { FenceMemory } from "./fence-memory.js";

describe("FenceMemory", () => {
  it("knows an incarnation as free once it was found so", () => {
    const memory = new FenceMemory();
    assert.equal(memory.isFree("one"), false);
    memory.foundFree("one");
    assert.deepEqual([memory.isFree("one"), memory.isFree("other")], [true, false]);
  });

  it("is in doubt from the moment in which a fence is asked for", () => {
    const memory = new FenceMemory();
    memory.foundFree("one");
    memory.fencing("one");
    assert.equal(memory.isFree("one"), false);
  });

  it("does not believe an answer that comes after the fence was asked for", () => {
    const memory = new FenceMemory();
    memory.fencing("one");
    memory.foundFree("one");
    assert.equal(memory.isFree("one"), false);
  });
});
