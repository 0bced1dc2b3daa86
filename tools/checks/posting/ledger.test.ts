import assert from "node:assert/strict";
import type { Event } from "../../../gen/confab/v1/types.js";
import { Ledger } from "./ledger.js";

const event = (seq: number, clientMsgId: string, text = clientMsgId): Event => ({
  seq,
  id: 1000 + seq,
  author: "U1",
  kind: { $case: "messagePosted", value: { text, clientMsgId, parentId: 0, broadcast: false } },
});

/** A ledger in which one caller posted so many messages, acknowledged at 1, 2, 3 … */
function ledgerOf(count: number): Ledger {
  const ledger = new Ledger();
  for (let number = 1; number <= count; number++) {
    const id = `a-${number}`;
    const position = { seq: number, id: 1000 + number };
    ledger.add({ channelId: "C1", caller: "a", number, clientMsgId: id, text: id, position });
  }
  return ledger;
}

const good = { acked: 3, lost: 0, duplicate: 0, reordered: 0, unexpected: 0 };
const audit = (ledger: Ledger, ...events: Event[]) => ledger.audit(new Map([["C1", events]]));

describe("the ledger", () => {
  it("finds nothing wrong with a log of what was acknowledged", () => {
    assert.deepEqual(audit(ledgerOf(3), event(1, "a-1"), event(2, "a-2"), event(3, "a-3")), good);
  });

  it("lets a post be that was stored but not acknowledged", () => {
    const ledger = ledgerOf(2);
    ledger.add({ channelId: "C1", caller: "a", number: 3, clientMsgId: "a-3", text: "a-3" });
    assert.deepEqual(audit(ledger, event(1, "a-1"), event(2, "a-2"), event(3, "a-3")), { ...good, acked: 2 });
  });

  it("sees an acknowledged post that is gone, elsewhere or changed", () => {
    assert.equal(audit(ledgerOf(3), event(1, "a-1"), event(2, "a-2")).lost, 1);
    assert.equal(audit(ledgerOf(3), event(1, "a-1"), event(2, "a-3"), event(3, "a-2")).lost, 2);
    assert.equal(audit(ledgerOf(1), event(1, "a-1", "other")).lost, 1);
    assert.equal(ledgerOf(1).audit(new Map()).lost, 1);
  });

  it("sees a post that is stored twice", () => {
    const figures = audit(ledgerOf(3), event(1, "a-1"), event(2, "a-2"), event(3, "a-3"), event(4, "a-2"));
    assert.deepEqual(figures, { ...good, duplicate: 1 });
  });

  it("sees posts of one caller in another order, unless one was refused and sent again", () => {
    const ledger = ledgerOf(2);
    const [, second] = [...ledger.posts.values()];
    const turned = [event(1, "a-2"), event(2, "a-1")] as const;
    assert.equal(audit(ledger, ...turned).reordered, 1);
    assert.ok(second);
    second.refused = true;
    assert.equal(audit(ledger, ...turned).reordered, 0);
  });

  it("sees a hole in the numbers and an id that does not rise", () => {
    assert.equal(audit(ledgerOf(0), event(1, "x"), event(3, "y")).reordered, 1);
    assert.equal(audit(ledgerOf(2), event(1, "a-1"), { ...event(2, "a-2"), id: 1001 }).reordered, 1);
  });

  it("sees a post that nobody sent there", () => {
    assert.equal(audit(ledgerOf(1), event(1, "a-1"), event(2, "b-1")).unexpected, 1);
    assert.equal(ledgerOf(1).audit(new Map([["C2", [event(1, "a-1")]]])).unexpected, 1);
  });
});
