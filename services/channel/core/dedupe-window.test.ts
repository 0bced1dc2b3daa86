import assert from "node:assert/strict";
import { DedupeWindow, dedupeWindowMs } from "./dedupe-window.js";

describe("the dedupe window", () => {
  const openedAt = 1_700_000_000_000;
  const post = (ms: number) => ({ seq: 1, id: (openedAt + ms) * 1000, bodyHash: "hash" });

  it("forgets a post after its time, and then is complete only since that post", () => {
    const window = new DedupeWindow(openedAt);
    window.add("U1", "old", post(0), openedAt);
    window.add("U1", "kept", post(1), openedAt + dedupeWindowMs);
    assert.ok(window.find("U1", "old"));
    window.add("U1", "new", post(dedupeWindowMs + 1), openedAt + dedupeWindowMs + 1);
    assert.equal(window.find("U1", "old"), undefined);
    assert.ok(window.find("U1", "kept"));
    assert.ok(window.isCompleteSince(openedAt));
    assert.ok(!window.isCompleteSince(openedAt - 1));
  });

  it("holds so many posts only; of one that had to go it says so", () => {
    const window = new DedupeWindow(openedAt, 100);
    for (let i = 0; i < 100; i++) window.add("U1", `m${i}`, post(5), openedAt + 5);
    assert.ok(window.find("U1", "m0"));
    assert.ok(window.isCompleteSince(openedAt));
    window.add("U1", "one more", post(6), openedAt + 6);
    assert.equal(window.find("U1", "m0"), undefined);
    assert.ok(!window.isCompleteSince(openedAt + 4));
    assert.ok(window.isCompleteSince(openedAt + 5));
  });

  it("forgets what a message said, and keeps its place", () => {
    const window = new DedupeWindow(openedAt);
    const [gone, kept] = [post(1), post(2)];
    window.add("U1", "gone", gone, openedAt + 1);
    window.add("U1", "kept", kept, openedAt + 2);
    window.forgetBody(gone.id);
    window.forgetBody(1);
    assert.deepEqual(window.find("U1", "gone"), { ...gone, bodyHash: "" });
    assert.deepEqual(window.find("U1", "kept"), kept);
  });

  it("forgets what a message said that is looked up only after its deletion", () => {
    const window = new DedupeWindow(openedAt);
    const [gone, kept] = [post(1), post(2)];
    window.forgetBody(gone.id);
    window.addOld("U1", "gone", gone);
    window.addOld("U1", "kept", kept);
    assert.deepEqual(window.find("U1", "gone"), { ...gone, bodyHash: "" });
    assert.deepEqual(window.find("U1", "kept"), kept);
    for (let i = 0; i < 2000; i++) window.forgetBody(post(10 + i).id);
    window.addOld("U1", "long gone", gone);
    assert.deepEqual(window.find("U1", "long gone"), gone, "only the last deletions are remembered");
  });
});
