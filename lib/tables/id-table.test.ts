import assert from "node:assert/strict";
import fc from "fast-check";
import { IdTable } from "./id-table.js";

const half = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
const id = fc.tuple(half, half);
const steps = fc.array(fc.tuple(id, fc.integer({ min: 0, max: 2 ** 31 - 1 })), { maxLength: 300 });

describe("a table of ids", () => {
  it("is as a map would have it; the value 0 deletes", () => {
    fc.assert(
      fc.property(steps, fc.boolean(), (steps, deletesAll) => {
        const table = new IdTable();
        const model = new Map<string, number>();
        const check = () => {
          const found: [string, number][] = [];
          table.forEach((high, low, value) => void found.push([`${high} ${low}`, value]));
          assert.deepEqual(found.sort(), [...model].sort());
          assert.equal(table.size, model.size);
        };
        const put = (high: number, low: number, value: number) => {
          assert.equal(table.get(high, low), model.get(`${high} ${low}`) ?? 0);
          if (value === 0) table.delete(high, low);
          else table.set(high, low, value);
          if (value === 0) model.delete(`${high} ${low}`);
          else model.set(`${high} ${low}`, value);
        };
        for (const [[high, low], value] of steps) put(high, low, value);
        check();
        if (!deletesAll) return;
        for (const [[high, low]] of steps) put(high, low, 0);
        check();
      }),
    );
  });

  it("grows and shrinks with what is in it", () => {
    const table = new IdTable();
    const empty = table.bytes;
    for (let i = 1; i <= 10_000; i++) table.set(i, -i, i);
    assert.ok(table.bytes >= 10_000 * 16 && table.bytes <= 10_000 * 32, `${table.bytes}`);
    for (let i = 1; i <= 10_000; i++) assert.equal(table.get(i, -i), i);
    for (let i = 1; i <= 10_000; i++) table.delete(i, -i);
    assert.deepEqual([table.size, table.bytes, table.get(1, -1)], [0, empty, 0]);
  });
});
