import assert from "node:assert/strict";
import { Gate } from "./gate.js";

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("Gate", () => {
  it("lets so many in at a time, the others in their order", async () => {
    const gate = new Gate(2, 10);
    const inside: number[] = [];
    for (const number of [1, 2, 3, 4]) void gate.enter().then(() => inside.push(number));
    await turn();
    assert.deepEqual(inside, [1, 2]);
    assert.equal(gate.size, 4);
    gate.leave();
    gate.leave();
    await turn();
    assert.deepEqual(inside, [1, 2, 3, 4]);
    gate.leave();
    gate.leave();
    assert.equal(gate.size, 0);
    await gate.enter();
    assert.equal(gate.size, 1);
  });

  it("is full when as many wait as may", async () => {
    const gate = new Gate(1, 2);
    for (const isFull of [false, false, false, true]) {
      assert.equal(gate.isFull, isFull);
      if (!isFull) void gate.enter();
    }
    gate.leave();
    await turn();
    assert.equal(gate.isFull, false);
  });
});
