import assert from "node:assert/strict";
import type { ChannelId } from "../../../lib/ids/ids.js";
import { slotOf } from "../../../lib/ring/slot.js";
import { Attachments } from "./attachments.js";
import { FanOut } from "./fan-out.js";

const [one, two, three] = ["C000000000001", "C000000000002", "U000000000003"] as ChannelId[];
const newest = { seq: 7, id: 7 };

describe("the fan-out", () => {
  let wakes = 0;
  const make = (attachmentsMax: number, aliasMax?: number) => {
    const fanOut = new FanOut(() => void wakes++, new Attachments(attachmentsMax), aliasMax);
    fanOut.opened(1);
    return fanOut;
  };
  const taken = (fanOut: FanOut) =>
    fanOut.takeFrames().flatMap(({ link, items }) =>
      items.map(({ alias, item }) => {
        const channel = item && "channelId" in item.value ? item.value.channelId : "";
        return `${link}: ${alias} ${item?.$case} ${channel}`.trim();
      }),
    );

  it("refuses more attachments than there may be, and takes them again when there is room", () => {
    const fanOut = make(2);
    for (const channel of [one!, two!, three!]) fanOut.attach(1, channel, newest, 5);
    const attached = [`1: 1 attached ${one}`, `1: 2 attached ${two}`];
    assert.deepEqual(taken(fanOut), [...attached, `1: 0 refused ${three}`]);
    fanOut.detach(1, two!);
    fanOut.attach(1, three!, newest, 5);
    assert.deepEqual(taken(fanOut), [`1: 3 attached ${three}`]);
  });

  it("begins anew on a stream whose aliases are used up: none means two channels", () => {
    const fanOut = make(10, 2);
    for (const channel of [one!, two!, three!]) fanOut.attach(1, channel, newest, 5);
    assert.deepEqual(taken(fanOut), [
      ...[`1: 1 attached ${one}`, `1: 2 attached ${two}`],
      ...[`1: 0 detached ${two}`, `1: 0 detached ${one}`, `1: 1 attached ${three}`],
    ]);
  });

  it("sends nothing to a stream that closed, be it released or not, nor to one that has its number", () => {
    const fanOut = make(100_000);
    const ids = Array.from({ length: 15_000 }, (_, i) => `C${String(i).padStart(12, "0")}` as ChannelId);
    for (const id of ids) fanOut.attach(1, id, newest, 5);
    fanOut.opened(2);
    fanOut.attach(2, ids[0]!, newest, 5);
    taken(fanOut);
    fanOut.closed(1);
    fanOut.closed(1);
    for (let turn = 0; turn < 4; turn++) {
      fanOut.repeat(ids[0]!, newest);
      wakes = 0;
      assert.deepEqual(taken(fanOut), ["2: 1 newest"]);
      assert.equal(wakes, turn < 3 ? 1 : 0, "what is left is for the next turn");
    }
    fanOut.opened(3);
    for (const id of ids.slice(0, 3)) fanOut.repeat(id, newest);
    assert.deepEqual(taken(fanOut), ["2: 1 newest"]);
    fanOut.detachSlot(slotOf(ids[0]!));
    assert.deepEqual(taken(fanOut), [`2: 0 detached ${ids[0]}`]);
  });
});
