import assert from "node:assert/strict";
import { userSignals } from "./user-signals.js";

describe("signals of the user", () => {
  it("ask for an end once, and hurry it when they come again, but not when npm repeats them", () => {
    let now = 0;
    const before = process.listenerCount("SIGINT");
    const signals = userSignals(() => now);
    const aborted = () => [signals.asked.aborted, signals.hurried.aborted];
    assert.deepEqual(aborted(), [false, false]);
    process.emit("SIGINT");
    now += 10;
    process.emit("SIGINT");
    assert.deepEqual(aborted(), [true, false]);
    now += 1000;
    process.emit("SIGTERM");
    assert.deepEqual(aborted(), [true, true]);
    signals.close();
    assert.equal(process.listenerCount("SIGINT"), before);
  });
});
