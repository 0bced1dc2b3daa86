import assert from "node:assert/strict";
import fc from "fast-check";
import type { ChannelId } from "../../../lib/ids/ids.js";
import { unpackId } from "../../../lib/ids/packed-id.js";
import { slotOf } from "../../../lib/ring/slot.js";
import { Attachments } from "./attachments.js";

/** Three slots with four channels each. */
const slots = [1, 2, 3];
const ids = Array.from({ length: 40_000 }, (_, i) => unpackId((i % 4) << 30, i * 25_013));
const channels = slots.flatMap((slot) => ids.filter((id) => slotOf(id) === slot).slice(0, 4));
/** Most links, open or closing, of a property's run. */
const linksMax = 4;

/** What is done to both, the table and the model. */
type Step =
  | { readonly what: "attach" | "detach"; readonly link: number; readonly channel: ChannelId }
  | { readonly what: "open" | "release" }
  | { readonly what: "close" | "takeLink"; readonly link: number }
  | { readonly what: "takeSlot"; readonly slot: number };

const link = fc.nat(linksMax - 1);
const channel = fc.constantFrom(...channels);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ what: fc.constant("attach" as const), link, channel }) },
  { weight: 5, arbitrary: fc.record({ what: fc.constant("detach" as const), link, channel }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom("open" as const, "release" as const) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom("close" as const, "takeLink" as const), link }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant("takeSlot" as const), slot: fc.constantFrom(...slots) }),
  },
);

/** Both, side by side: the model is a map for each open link. */
class Pair {
  readonly #table = new Attachments();
  readonly #links = new Map<number, Map<ChannelId, number>>();
  #nextAlias = 2 ** 32 - 1;

  do(step: Step): void {
    const open = [...this.#links.keys()];
    const chosen = "link" in step ? open[step.link % Math.max(1, open.length)] : undefined;
    const attached = chosen === undefined ? undefined : this.#links.get(chosen);
    switch (step.what) {
      case "open":
        if (open.length < linksMax) this.#open();
        return;
      case "release":
        this.#table.releaseSome(3);
        return;
      case "takeSlot":
        return this.#takeSlot(step.slot);
    }
    if (chosen === undefined || !attached) return;
    switch (step.what) {
      case "attach":
        if (attached.has(step.channel)) return;
        attached.set(step.channel, this.#nextAlias);
        assert.ok(this.#table.add(chosen, step.channel, this.#nextAlias--));
        return;
      case "detach":
        attached.delete(step.channel);
        return this.#table.remove(chosen, step.channel);
      case "close":
        this.#links.delete(chosen);
        return this.#table.closeLink(chosen);
      case "takeLink": {
        const taken: ChannelId[] = [];
        this.#table.takeLink(chosen, (channel) => taken.push(channel));
        assert.deepEqual(taken.sort(), [...attached.keys()].sort());
        attached.clear();
      }
    }
  }

  check(): void {
    for (const channel of channels) {
      const found: string[] = [];
      this.#table.forEach(channel, (link, alias) => this.#links.has(link) && found.push(`${link} ${alias}`));
      const expected: string[] = [];
      for (const [link, attached] of this.#links) {
        const alias = attached.get(channel);
        assert.equal(this.#table.aliasOf(link, channel), alias ?? 0);
        if (alias !== undefined) expected.push(`${link} ${alias}`);
      }
      assert.deepEqual(found.sort(), expected.sort());
    }
  }

  checkReleased(): void {
    while (this.#table.releaseSome(100));
    this.check();
    const sizes = [...this.#links.values()].map(({ size }) => size);
    assert.equal(
      this.#table.size,
      sizes.reduce((sum, size) => sum + size, 0),
    );
  }

  #open(): void {
    const link = this.#table.openLink();
    assert.ok(!this.#links.has(link), "a number in use is not given again");
    this.#links.set(link, new Map());
  }

  #takeSlot(slot: number): void {
    const expected: string[] = [];
    for (const [link, attached] of this.#links) {
      for (const channel of [...attached.keys()].filter((channel) => slotOf(channel) === slot)) {
        expected.push(`${link} ${channel}`);
        attached.delete(channel);
      }
    }
    const taken: string[] = [];
    const take = (link: number, channel: ChannelId) =>
      this.#links.has(link) && taken.push(`${link} ${channel}`);
    this.#table.takeSlot(slot, take);
    assert.deepEqual(taken.sort(), expected.sort());
  }
}

describe("the table of attachments", () => {
  it("is as maps would have it", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const pair = new Pair();
        for (let i = 0; i < 3; i++) pair.do({ what: "open" });
        for (const step of steps) {
          pair.do(step);
          if (step.what !== "attach") pair.check();
        }
        pair.checkReleased();
      }),
    );
  });

  it("takes at most 100 bytes a channel, and gives memory of tables back", () => {
    const table = new Attachments();
    const link = table.openLink();
    const count = 300_000;
    const id = (i: number) => unpackId((1 << 31) | (i >>> 4), Math.imul(i, 0x9e3779b1) >>> 2);
    for (let i = 1; i <= count; i++) {
      table.add(link, id(i), i);
      if (i % 50_000 === 0) assert.ok(table.bytes / i <= 100, `${table.bytes / i} bytes with ${i}`);
    }
    assert.equal(table.size, count);
    const full = table.bytes;
    for (let i = 1; i <= count; i++) table.remove(link, id(i));
    assert.equal(table.size, 0);
    assert.ok(table.bytes < full / 1.3);
  });
});
