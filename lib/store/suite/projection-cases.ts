import assert from "node:assert/strict";
import type { AnnotationRow, RelatedRange } from "../projection-store.js";
import {
  annotation,
  assertSameSet,
  mark,
  newChannel,
  newUser,
  relatedRow,
  type StoreOf,
  startUs,
} from "./samples.js";

/** What was put on messages. */
export function annotationCases(store: StoreOf): void {
  const read = ({ channel, bucket }: AnnotationRow, from: number, to: number) =>
    store().readAnnotations({ channel, bucket, from, to });

  it("reads the annotations of a range of messages, both its ends included, by target", async () => {
    const { channel } = annotation(1);
    const rows = [5, 2, 9, 3].map((target) => annotation(target, { channel }));
    await store().annotate(rows);
    await store().annotate([annotation(3, { channel, bucket: startUs + 1 }), annotation(3)]);
    assert.deepEqual(await read(rows[0]!, 3, 9), [rows[3], rows[0], rows[2]]);
    assert.deepEqual(await read(rows[0]!, 2, 2), [rows[1]]);
    assert.deepEqual(await read(rows[0]!, 6, 8), []);
  });

  it("keeps annotations apart by kind, author and emoji", async () => {
    const first = annotation(4, { value: "grüße 🎉" });
    const others = [{ author: newUser() }, { emoji: "eyes" }, { kind: "edit" }, { kind: "pin" }] as const;
    const rows = [first, ...others.map((changes) => ({ ...first, ...changes }))];
    await store().annotate(rows);
    assertSameSet(await read(first, 4, 4), rows);
  });

  it("lets the annotation of the later event stay, whichever is written last", async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      for (const together of [true, false]) {
        const on = annotation(4);
        const off = { ...on, seq: on.seq + 3, id: on.id + 3, value: "" };
        const rows = order.map((at) => [on, off][at]!);
        if (together) await store().annotate(rows);
        else for (const row of rows) await store().annotate([row]);
        assert.deepEqual(await read(on, 4, 4), [off]);
      }
    }
  });
}

/** Replies, edits and deletions. */
export function relatedCases(store: StoreOf): void {
  const base = relatedRow(1);
  const { channel } = base;
  const read = async (changes: Partial<RelatedRange>) => {
    const whole = { ...base, after: 0, limit: 100, downward: false };
    return (await store().readRelated({ ...whole, ...changes })).map(({ seq }) => seq);
  };

  it("reads related events from an id on, either way, up to a limit", async () => {
    const rows = [5, 2, 9, 3].map((seq) => relatedRow(seq, { channel }));
    const { target } = base;
    const strange = [{ target: target + 1 }, { kind: "edit" }, { channel: newChannel() }] as const;
    await store().relate([...rows, ...strange.map((changes) => relatedRow(4, { channel, ...changes }))]);
    assert.deepEqual(await read({}), [2, 3, 5, 9]);
    assert.deepEqual(await read({ downward: true, limit: 3 }), [9, 5, 3]);
    assert.deepEqual(await read({ after: startUs + 3, limit: 1 }), [5]);
    assert.deepEqual(await read({ after: startUs + 2, downward: true }), [9, 5, 3]);
    assert.deepEqual(await read({ limit: 0 }), []);
  });

  it("lets what was written of the later event stay, whichever is written last", async () => {
    const reply = relatedRow(5);
    const deleted = { ...reply, deleted: true, written: reply.written + 7 };
    for (const row of [reply, deleted, reply]) await store().relate([row]);
    const whole = { ...reply, after: 0, limit: 9, downward: false };
    assert.deepEqual(await store().readRelated(whole), [deleted]);
  });
}

/** How far users have read. */
export function markCases(store: StoreOf): void {
  it("reads all marks of a user", async () => {
    const one = mark(5);
    const two = mark(6, { user: one.user });
    await store().projectMarks([one, two, mark(7, { channel: one.channel })]);
    assertSameSet(await store().readMarks(one.user), [one, two]);
    assert.deepEqual(await store().readMarks(newUser()), []);
  });

  it("lets the mark of the later event stay, whichever is written last", async () => {
    const older = mark(5);
    const newer = { ...older, seq: 8, id: startUs + 8, messages: 6, written: older.written + 1 };
    for (const row of [older, newer, older]) await store().projectMarks([row]);
    assert.deepEqual(await store().readMarks(older.user), [newer]);
  });
}
