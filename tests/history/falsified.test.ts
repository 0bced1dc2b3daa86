import assert from "node:assert/strict";
import { change, changeLog, deliveredLater } from "./falsify.js";
import type { HistoryRecord } from "./records.js";
import { sampleHistory } from "./sample.js";
import { verify } from "./verifier.js";

type Falsify = (history: readonly HistoryRecord[]) => HistoryRecord[];

const elsewhere = 1_600_000_000_000_000;

const falsifications: Record<string, Record<string, Falsify>> = {
  G1: {
    "loses the end of the log": changeLog((events) => events.slice(0, -1)),
    "changes a body in the log": changeLog(
      ([first, ...rest]) => first && [{ ...first, body: "other" }, ...rest],
    ),
    "acknowledges what never comes": change("answer", (answer) =>
      answer.outcome === "ok" ? [{ ...answer, seq: 100_000, id: elsewhere }] : undefined,
    ),
    "shows what was not stored yet": change("stored", ({ moment }) => (moment === "live" ? [] : undefined)),
    "loses a row of the store": change("stored", (stored) =>
      stored.moment === "end" ? [{ ...stored, rows: stored.rows.slice(1) }] : undefined,
    ),
    "reads an old state": change("read", (read) => {
      const [newest, events] = [read.newest - 1, read.events.filter(({ seq }) => seq !== read.newest)];
      return newest > 1 && !read.downward ? [{ ...read, newest, events }] : undefined;
    }),
    "has no final log": (history) => history.filter(({ type }) => type !== "finalLog"),
  },
  G2: {
    "delivers another id": change("deliver", (deliver) => [
      { ...deliver, event: { ...deliver.event, id: elsewhere } },
    ]),
    "reads another body": change("read", (read) =>
      read.events.length > 0
        ? [{ ...read, events: read.events.map((e) => ({ ...e, body: "other" })) }]
        : undefined,
    ),
    "keeps another id in the store": change("stored", (stored) =>
      stored.moment === "end"
        ? [{ ...stored, rows: stored.rows.map((row) => ({ ...row, id: 1 })) }]
        : undefined,
    ),
    "has a hole in the log": changeLog(([first, , ...rest]) => first && [first, ...rest]),
    "has falling ids in the log": changeLog(
      ([a, b, ...rest]) => a && b && [{ ...a, id: b.id }, { ...b, id: a.id }, ...rest],
    ),
    "has a hole in a page": change("read", (read) =>
      read.events.length > 2 ? [{ ...read, events: read.events.toSpliced(1, 1) }] : undefined,
    ),
    "turns a page over": change("read", (read) =>
      read.events.length > 1 ? [{ ...read, events: read.events.toReversed() }] : undefined,
    ),
    "returns an empty page": change("read", (read) =>
      read.events.length > 0 ? [{ ...read, events: [] }] : undefined,
    ),
    "delivers in another order": change("deliver", (deliver, history, index) => {
      const later = deliveredLater(history, index, deliver);
      return later && [later, deliver];
    }),
  },
  G3: {
    "leaves an event out": change("deliver", (deliver, history, index) =>
      deliveredLater(history, index, deliver) ? [] : undefined,
    ),
    "never delivers the last event": (history) => {
      const last = history.findLastIndex(({ type }) => type === "deliver");
      return history.toSpliced(last, 1);
    },
    "does not tell of a gap": change("gap", () => []),
    "tells of too small a gap": change("gap", (gap) => [{ ...gap, to: gap.to - 1 }]),
    "delivers an event twice": change("deliver", (deliver) => [deliver, deliver]),
    "delivers to nobody": change("disconnect", (ended, history, index) => {
      const got = history.slice(0, index).findLast((r) => r.type === "deliver" && r.conn === ended.conn);
      return got && [ended, got];
    }),
    "begins later than was asked": change("subscribed", (subscribed, history, index) => {
      const [asked, next] = [history[index - 1], history.slice(index + 1).find((r) => r.type === "deliver")];
      if (asked?.type !== "subscribe" || asked.seq === undefined) return undefined;
      if (next?.channel !== subscribed.channel || next.conn !== subscribed.conn) return undefined;
      return [
        { ...subscribed, seq: subscribed.seq + 1 },
        { ...next, event: { ...next.event, seq: next.event.seq + 1 } },
      ];
    }),
  },
  G4: {
    "stores a message twice": changeLog((events) => {
      const last = events.at(-1);
      return last && [...events, { ...last, seq: last.seq + 1, id: last.id + 1 }];
    }),
    "answers a retry with another place": change("answer", (answer, history) => {
      const post = history.find((record) => record.type === "post" && record.call === answer.call);
      if (answer.outcome !== "ok" || post?.type !== "post") return undefined;
      return [
        answer,
        { ...post, at: answer.at, call: "again" },
        { ...answer, call: "again", id: answer.id - 1 },
      ];
    }),
    "accepts another body": change("answer", (answer, history) => {
      if (answer.outcome !== "refused") return undefined;
      const first = history.find((r) => r.type === "answer" && r.call === answer.call.replace(/3$/, "2"));
      return first && [{ ...first, call: answer.call } as HistoryRecord];
    }),
    "answers with another's message": change("answer", (answer) =>
      answer.outcome === "ok" && answer.seq > 1 ? [{ ...answer, seq: answer.seq - 1 }] : undefined,
    ),
  },
  G5: {
    "delivers newer events before missed ones": change("subscribed", (subscribed, history, index) => {
      const later = history.slice(index + 1).find((r) => r.type === "deliver" && r.conn === subscribed.conn);
      const log = history.findLast((r) => r.type === "finalLog" && r.channel === subscribed.channel);
      if (later?.type !== "deliver" || log?.type !== "finalLog" || later.event.seq < subscribed.seq + 1)
        return undefined;
      const missed = history
        .slice(0, index)
        .some(
          (r) => r.type === "deliver" && r.channel === subscribed.channel && r.event.seq > subscribed.seq,
        );
      const newest = log.events.at(-1);
      return missed && newest
        ? [subscribed, { ...later, channel: subscribed.channel, event: newest }]
        : undefined;
    }),
    "tells of the gap too late": change("gap", (gap, history, index) => {
      const next = history[index + 1];
      const begun = history.findLastIndex(
        (r, i) =>
          i < index && "conn" in r && r.conn === gap.conn && "channel" in r && r.channel === gap.channel,
      );
      const missed = history
        .slice(0, begun)
        .some((r) => r.type === "stored" && r.channel === gap.channel && r.rows[0]?.seq === gap.from);
      return history[begun]?.type === "subscribed" && missed && next ? [next, gap] : undefined;
    }),
  },
  G7: {
    "writes typing to the log": changeLog(
      ([first, ...rest]) => first && [{ ...first, kind: "typing" }, ...rest],
    ),
    "writes typing to the store": change("stored", (stored) => [
      { ...stored, rows: stored.rows.map((row) => ({ ...row, kind: "typing" })) },
    ]),
    "gives typing a seq": change("deliver", (deliver) => [
      { ...deliver, event: { ...deliver.event, kind: "typing" } },
    ]),
    "stores a kind that was shown as transient": change("transient", (transient) => [
      { ...transient, kind: "messagePosted" },
    ]),
    "lets typing overtake": change("transient", (transient) => [
      { ...transient, after: (transient.after ?? 0) + 1 },
    ]),
  },
  G11: {
    "stores what was refused": change("answer", (answer, history) =>
      answer.outcome === "ok" && answer.call.endsWith("/1") && history.length > 0
        ? [{ type: "answer", at: answer.at, call: answer.call, outcome: "refused", code: "no_text" }]
        : undefined,
    ),
  },
};

describe("a history that keeps every promise", () => {
  for (let seed = 1; seed <= 20; seed++) {
    it(`is accepted (seed ${seed})`, () => {
      const verdict = verify(sampleHistory(seed, 300));
      assert.deepEqual(verdict.violations, []);
      assert.ok((verdict.records.deliver ?? 0) > 100);
      assert.ok(verdict.duplicates > 0);
    });
  }
});

for (const [promise, ways] of Object.entries(falsifications)) {
  describe(`a history that breaks ${promise}`, () => {
    for (const [way, falsify] of Object.entries(ways)) {
      it(`is rejected when it ${way}`, () => {
        for (let seed = 1; seed <= 5; seed++) {
          const { broken, violations } = verify(falsify(sampleHistory(seed, 300)));
          assert.ok((broken[promise] ?? 0) > 0, `seed ${seed}: ${JSON.stringify(violations)}`);
        }
      });
    }
  });
}
