import assert from "node:assert/strict";
import type { HistoryRecord } from "./records.js";
import { verify } from "./verifier.js";

const event = (seq: number, id = seq * 1_000_000) => ({
  seq,
  id,
  kind: "messagePosted",
  author: "U1",
  clientMsgId: "m",
  body: "text",
});
const log = (...events: ReturnType<typeof event>[]): HistoryRecord => ({
  type: "finalLog",
  at: 9,
  channel: "C1",
  events,
});

describe("the verdict on a history", () => {
  it("counts every violation and lists the first hundred", () => {
    const again = Array.from({ length: 150 }, (): HistoryRecord => log(event(1)));
    const verdict = verify([log(event(1)), ...again]);
    assert.equal(verdict.broken.G2, 300);
    assert.equal(verdict.violations.length, 100);
    assert.equal(verdict.records.finalLog, 151);
  });

  it("lets a client_msg_id be used for two messages ten minutes apart, no sooner", () => {
    const tenMinutesUs = 10 * 60 * 1_000_000;
    assert.deepEqual(verify([log(event(1, 5), event(2, 5 + tenMinutesUs))]).broken, {});
    assert.deepEqual(verify([log(event(1, 5), event(2, 4 + tenMinutesUs))]).broken, { G4: 1 });
  });

  it("asks for the end of the log only of connections that were open when all was quiet", () => {
    const begin: HistoryRecord[] = [
      { type: "connect", at: 1, conn: "a", user: "U1" },
      { type: "subscribe", at: 1, conn: "a", channel: "C1" },
      { type: "subscribed", at: 1, conn: "a", channel: "C1", seq: 0 },
    ];
    const quiet: HistoryRecord = { type: "quiet", at: 2 };
    const ended: HistoryRecord = { type: "disconnect", at: 2, conn: "a" };
    const left: HistoryRecord = { type: "unsubscribed", at: 2, conn: "a", channel: "C1" };
    assert.deepEqual(verify([...begin, quiet, log(event(1))]).broken, { G3: 1 });
    assert.deepEqual(verify([...begin, ended, quiet, log(event(1))]).broken, {});
    assert.deepEqual(verify([...begin, left, quiet, log(event(1))]).broken, {});
    assert.deepEqual(verify([...begin, log(event(1))]).broken, {});
  });

  it("calls a connection short whose hole a new subscription leaves open", () => {
    const deliver = (seq: number): HistoryRecord => ({
      type: "deliver",
      at: 2,
      conn: "a",
      channel: "C1",
      event: event(seq),
    });
    const subscribed = (seq: number): HistoryRecord => ({
      type: "subscribed",
      at: 2,
      conn: "a",
      channel: "C1",
      seq,
    });
    const begin: HistoryRecord[] = [
      { type: "connect", at: 1, conn: "a", user: "U1" },
      subscribed(0),
      deliver(2),
    ];
    assert.equal(verify([...begin, subscribed(2)]).broken.G3, 1);
    assert.equal(verify([...begin, subscribed(0), deliver(1)]).broken.G3, undefined);
  });
});
