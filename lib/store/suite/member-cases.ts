import assert from "node:assert/strict";
import type { MemberRow } from "../log-store.js";
import { assertSameSet, newChannel, newUser, type StoreOf, startUs } from "./samples.js";

/** The projection of memberships, from both its sides. */
export function memberCases(store: StoreOf): void {
  function change(at: number, changes: Partial<MemberRow> = {}): MemberRow {
    return { channel: newChannel(), user: newUser(), seq: at, id: startUs + at, member: true, ...changes };
  }

  it("tells a channel's members and a user's channels", async () => {
    const first = change(1);
    const second = change(2, { channel: first.channel, member: false });
    const third = change(3, { user: first.user });
    await store().projectMembers([first, second, third]);
    assertSameSet(await store().readMembers(first.channel), [first, second]);
    assertSameSet(await store().readUserChannels(first.user), [first, third]);
    assert.deepEqual(await store().readUserChannels(second.user), [second]);
    assert.deepEqual(await store().readMembers(newChannel()), []);
  });

  it("lets the later change stay, whichever is written last", async () => {
    const joined = change(5);
    const left = { ...joined, seq: 9, id: startUs + 9, member: false };
    const rejoined = { ...joined, seq: 12, id: startUs + 12 };
    for (const [written, expected] of [
      [joined, joined],
      [left, left],
      [joined, left],
      [rejoined, rejoined],
      [left, rejoined],
    ] as const) {
      await store().projectMembers([written]);
      assert.deepEqual(await store().readMembers(joined.channel), [expected]);
      assert.deepEqual(await store().readUserChannels(joined.user), [expected]);
    }
  });

  it("lets the later of two changes in one write stay, in either order", async () => {
    for (const reversed of [false, true]) {
      const joined = change(5);
      const left = { ...joined, seq: 9, id: startUs + 9, member: false };
      await store().projectMembers(reversed ? [left, joined] : [joined, left]);
      assert.deepEqual(await store().readMembers(joined.channel), [left]);
      assert.deepEqual(await store().readUserChannels(joined.user), [left]);
    }
  });
}
