import assert from "node:assert/strict";
import { isLive, mergeRows, never, type Row, shadowed } from "./row.js";

const written = (value: string, at: number): Row => ({
  ...{ marker: at, deleted: never, values: [value, undefined], stamps: [at, never] },
});
const deletedAt = (at: number): Row => ({
  ...{ marker: never, deleted: at, values: [undefined, undefined], stamps: [never, never] },
});

describe("a row of a replica", () => {
  const merged = (...rows: Row[]) => rows.reduce(mergeRows);

  it("takes of each cell the value with the higher timestamp, whichever comes last", () => {
    const [old, young] = [written("old", 1), written("young", 2)];
    assert.equal(merged(old, young), young);
    assert.equal(merged(young, old), young);
    const other: Row = { ...old, values: [undefined, "other"], stamps: [never, 3] };
    assert.deepEqual(merged(young, other).values, ["young", "other"]);
    assert.deepEqual(merged(other, young).values, ["young", "other"]);
  });

  it("takes the larger of two values with one timestamp", () => {
    for (const order of [
      ["a", "b"],
      ["b", "a"],
    ])
      assert.equal(merged(...order.map((value) => written(value, 1))).values[0], "b");
    const bytes = (...all: number[]): Row => ({ ...written("", 1), values: [Buffer.from(all), undefined] });
    assert.deepEqual(merged(bytes(2), bytes(1, 9)).values[0], Buffer.from([2]));
  });

  it("loses against a deletion of the same or a higher timestamp", () => {
    assert.equal(isLive(merged(written("a", 2), deletedAt(2))), false);
    assert.equal(isLive(merged(deletedAt(3), written("a", 2))), false);
    assert.equal(isLive(merged(deletedAt(1), written("a", 2))), true);
  });

  it("loses under the deletion of a range only what is not newer than that", () => {
    const row: Row = { ...written("old", 1), stamps: [1, 5], values: ["old", "young"] };
    assert.deepEqual(shadowed(row, 1)?.values, [undefined, "young"]);
    assert.equal(shadowed(row, 5), undefined);
    assert.equal(shadowed(written("a", 6), 5)?.values[0], "a");
  });
});
