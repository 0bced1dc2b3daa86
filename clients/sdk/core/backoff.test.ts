import assert from "node:assert/strict";
import { Backoff } from "./backoff.js";

describe("the pauses between tries", () => {
  it("double up to a bound, and are short again once all is well", () => {
    const backoff = new Backoff(() => 0.999999);
    const pauses = Array.from({ length: 9 }, () => Math.round(backoff.next()));
    assert.deepEqual(pauses, [250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    backoff.reset();
    assert.equal(Math.round(backoff.next()), 250);
  });

  it("are spread over the whole time, on top of what the server asked for", () => {
    assert.equal(new Backoff(() => 0).next(), 0);
    assert.equal(new Backoff(() => 0).next(700), 700);
    assert.equal(new Backoff(() => 0.5).next(700), 825);
  });
});
