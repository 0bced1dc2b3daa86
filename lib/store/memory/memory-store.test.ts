import assert from "node:assert/strict";
import { storeSuite } from "../store-suite.js";
import { appendOf, newChannel, readAll } from "../suite/samples.js";
import { MemoryStore } from "./memory-store.js";

storeSuite(
  "a store in memory",
  async () => {
    const store = new MemoryStore();
    return { store, close: () => store.close() };
  },
  false,
);

describe("a store in memory", () => {
  it("takes its effect within the call, before anything is awaited", async () => {
    const store = new MemoryStore();
    const append = appendOf(newChannel(), 1, 1);
    const before = readAll(store, append.channel);
    const written = store.append("one", append);
    const after = readAll(store, append.channel);
    await written;
    assert.deepEqual(await before, []);
    assert.deepEqual(await after, append.rows);
  });
});
