import assert from "node:assert/strict";
import type { LogRow } from "../../../lib/store/log-store.js";
import { keptRows } from "./tail.js";

/** The rows of one append. */
function append(epoch: number, first: number, last: number): LogRow[] {
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    ...{
      seq: first + i,
      epoch,
      id: first + i,
      first,
      last,
      projected: 0,
      told: 0,
      messages: 0,
      kind: "messagePosted",
    },
    ...{ author: `owner-${epoch}`, clientMsgId: "", parentId: 0, targetId: 0, event: new Uint8Array() },
  }));
}

function kept(...appends: LogRow[][]): string {
  const rows = keptRows(appends.flat());
  return rows.map(({ seq, epoch }) => `${seq}@${epoch}`).join(" ");
}

describe("the tail of a log", () => {
  it("is empty without rows", () => {
    assert.equal(kept(), "");
  });

  it("ends with the last whole append", () => {
    assert.equal(kept(append(5, 1, 2), append(5, 3, 3)), "1@5 2@5 3@5");
  });

  it("leaves out an append of which a row is missing", () => {
    assert.equal(kept(append(5, 1, 2), append(5, 3, 5).slice(0, 2)), "1@5 2@5");
    assert.equal(kept(append(5, 1, 3).slice(1)), "");
  });

  it("keeps the highest epoch of each seq", () => {
    assert.equal(kept(append(5, 1, 2), append(5, 3, 4), append(7, 3, 3)), "1@5 2@5 3@7");
  });

  it("does not go on behind a newer owner's row with an older owner's", () => {
    assert.equal(kept(append(5, 1, 1), append(7, 2, 2), append(5, 2, 4)), "1@5 2@7");
  });

  it("does not believe a read with a hole below an append: what came before that was confirmed", () => {
    assert.throws(() => kept(append(5, 1, 1), append(6, 3, 3)), /hole/);
    assert.throws(() => kept(append(6, 3, 3)), /hole/);
  });

  it("knows that what lies before an append was confirmed when it was sent, whole or not", () => {
    const cutBelow = append(5, 1, 200).slice(150);
    const dead = append(3, 155, 160);
    assert.equal(keptRows([...cutBelow, ...dead, ...append(5, 201, 201)]).at(-1)?.seq, 201);
    assert.ok(keptRows([...cutBelow, ...dead, ...append(5, 201, 201)]).every(({ epoch }) => epoch === 5));
  });

  it("ends below void appends of owners that were fenced", () => {
    const void3 = append(3, 11, 200);
    assert.equal(keptRows([...append(5, 1, 10), ...void3.slice(5), ...append(5, 11, 12)]).at(-1)?.seq, 12);
  });
});
