import assert from "node:assert/strict";
import { SharedReads } from "./shared-reads.js";

/** A query that begins and is answered when the test says so. */
class HeldQueries {
  readonly begun: (() => void)[] = [];
  readonly answers: ((rows: number[]) => void)[] = [];
  readonly failures: ((error: Error) => void)[] = [];

  readonly ask = (begun: () => void): Promise<number[]> => {
    this.begun.push(begun);
    return new Promise((resolve, reject) => {
      this.answers.push(resolve);
      this.failures.push(reject);
    });
  };
}

describe("SharedReads", () => {
  let reads: SharedReads;
  let queries: HeldQueries;
  beforeEach(() => {
    reads = new SharedReads();
    queries = new HeldQueries();
  });

  it("lets equal reads share a query that has not begun, each with a list of its own", async () => {
    const all = Array.from({ length: 1000 }, () => reads.read("rows", ["C1", 5], queries.ask));
    assert.equal(queries.answers.length, 1);
    queries.begun[0]!();
    queries.answers[0]!([1, 2]);
    const lists = await Promise.all(all);
    lists[0]!.pop();
    assert.deepEqual(lists[1], [1, 2]);
    assert.equal(lists.length, 1000);
  });

  it("asks anew once the query has begun, though it is not answered yet", async () => {
    const early = reads.read("rows", ["C1"], queries.ask);
    queries.begun[0]!();
    const late = reads.read("rows", ["C1"], queries.ask);
    const later = reads.read("rows", ["C1"], queries.ask);
    assert.equal(queries.answers.length, 2);
    queries.answers[1]!([2]);
    queries.answers[0]!([1]);
    assert.deepEqual(await Promise.all([early, late, later]), [[1], [2], [2]]);
  });

  it("keeps apart what differs in kind or arguments", () => {
    for (const [name, args] of [
      ["rows", ["C1", 1]],
      ["rows", ["C1", "1"]],
      ["rows", ["C1", 11]],
      ["marks", ["C1", 1]],
    ] as const) {
      void reads.read(name, args, queries.ask);
    }
    assert.equal(queries.answers.length, 4);
  });

  it("tells all who share of a failure, and asks anew after it", async () => {
    const both = [reads.read("rows", [], queries.ask), reads.read("rows", [], queries.ask)];
    queries.failures[0]!(new Error("it fell over"));
    for (const read of both) await assert.rejects(read, /fell over/);
    void reads.read("rows", [], queries.ask);
    assert.equal(queries.answers.length, 2);
  });

  it("shares nothing of a query that begins within the asking", async () => {
    const ask = (begun: () => void) => {
      begun();
      return queries.ask(() => {});
    };
    void reads.read("rows", [], ask);
    void reads.read("rows", [], ask);
    assert.equal(queries.answers.length, 2);
  });
});
