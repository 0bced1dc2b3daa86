import assert from "node:assert/strict";
import { postsPerCallMax } from "../../../lib/limits/limits.js";
import type { Line } from "./line.js";
import { LineQueue } from "./line-queue.js";

const line = (number: number, bytes = 1): Line => ({ number, text: "x", bytes });
const many = (count: number) => Array.from({ length: count }, (_, i) => line(i + 1));
const numbers = (lines: readonly Line[] | undefined) => lines?.map(({ number }) => number);
const mebibyte = 1024 * 1024;

describe("LineQueue", () => {
  it("gives all lines that have come, in their order", async () => {
    const queue = new LineQueue();
    const waiting = queue.take();
    await queue.put([line(1)]);
    assert.deepEqual(numbers(await waiting), [1]);
    await queue.put([line(2)]);
    await queue.put([line(3)]);
    queue.end();
    assert.deepEqual(numbers(await queue.take()), [2, 3]);
    assert.equal(await queue.take(), undefined);
  });

  it("gives no more than one call may hold", async () => {
    const queue = new LineQueue();
    await queue.put(many(postsPerCallMax + 1));
    assert.equal((await queue.take())?.length, postsPerCallMax);
    assert.deepEqual(numbers(await queue.take()), [postsPerCallMax + 1]);
    await queue.put([line(1, mebibyte - 1), line(2, 1), line(3, 1), line(4, 2 * mebibyte), line(5)]);
    assert.deepEqual(numbers(await queue.take()), [1, 2]);
    assert.deepEqual(numbers(await queue.take()), [3]);
    assert.deepEqual(numbers(await queue.take()), [4]);
    assert.deepEqual(numbers(await queue.take()), [5]);
  });

  it("holds whoever puts in too much until enough is taken", async () => {
    const queue = new LineQueue();
    let goesOn = false;
    const put = queue.put(many(9 * postsPerCallMax)).then(() => {
      goesOn = true;
    });
    await new Promise(setImmediate);
    assert.equal(goesOn, false);
    await queue.take();
    await put;
  });

  it("frees everybody when it is closed, and drops what waits", async () => {
    const queue = new LineQueue();
    const put = queue.put(many(9 * postsPerCallMax));
    queue.close();
    await put;
    assert.equal(await queue.take(), undefined);
    await queue.put([line(1)]);
    assert.equal(await queue.take(), undefined);
  });
});
