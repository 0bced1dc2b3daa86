import assert from "node:assert/strict";
import type { Down, DownFrame } from "../../gen/confab/mesh/v1/attach.js";
import type { Command, CommandFrame } from "../../gen/confab/mesh/v1/write.js";
import { FrameTooLarge, frameCodecs } from "./frame-codec.js";

const { up: commands } = frameCodecs.commands;
const { down } = frameCodecs.attach;

function commandOf(number: number, channelId: string, action?: Command["action"]): Command {
  const common = { number, channelId, epoch: 1, author: "U0123456789AB", deadlineUs: 0 };
  return { ...common, firstAttempt: true, action };
}

/** The commands of each message, as channel and number. */
function messagesOf(frame: CommandFrame, bytesMax: number): string[][] {
  return commands.encode(frame, bytesMax).map((message) => {
    assert.ok(message.byteLength <= bytesMax);
    return commands.decode(message).commands.map(({ channelId, number }) => channelId + number);
  });
}

describe("the codec of frames", () => {
  it("brings back what was encoded: empty and missing things, too", () => {
    const newMessage = { text: "", clientMsgId: "", parentId: 0, broadcast: false };
    const frames: CommandFrame[] = [
      { commands: [] },
      { commands: [commandOf(1, "A"), commandOf(2, "", { $case: "post", value: newMessage as never })] },
      { commands: [commandOf(Number.MAX_SAFE_INTEGER, "A", { $case: "typing", value: { parentId: 0 } })] },
    ];
    for (const frame of frames) {
      const [message, ...more] = commands.encode(frame, 1000);
      assert.equal(more.length, 0);
      assert.deepEqual(commands.decode(message!), frame);
    }
  });

  it("cuts a large frame between channels where it can, and leaves each channel its order", () => {
    const order = ["A", "B", "A", "C", "B", "A", "C", "A"];
    const frame = { commands: order.map((channel, i) => commandOf(i, channel)) };
    assert.deepEqual(messagesOf(frame, 1000), [["A0", "B1", "A2", "C3", "B4", "A5", "C6", "A7"]]);
    assert.deepEqual(messagesOf(frame, 170), [
      ["A0", "A2", "A5", "A7"],
      ["B1", "B4", "C3", "C6"],
    ]);
    assert.deepEqual(messagesOf(frame, 100), [
      ["A0", "A2"],
      ["A5", "A7"],
      ["B1", "B4"],
      ["C3", "C6"],
    ]);
  });

  it("refuses an item that no message can hold", () => {
    const frame = { commands: [commandOf(1, "A"), commandOf(2, "B".repeat(1000))] };
    assert.throws(() => commands.encode(frame, 100), FrameTooLarge);
  });

  it("gives events of their own memory, and nothing of the message", () => {
    const event = { seq: 1, id: 1, frame: new Uint8Array([1, 2, 3]), membership: false, deletes: 0 };
    const fetched = { channelId: "C", events: [event, event], fetch: undefined, fromStore: false };
    const items: Down[] = [
      { alias: 1, item: { $case: "delivery", value: event } },
      { alias: 1, item: { $case: "transient", value: { afterSeq: 1, frame: event.frame, author: "" } } },
      { alias: 1, item: { $case: "fetched", value: fetched } },
    ];
    const frame: DownFrame = { items };
    const [message] = down.encode(frame, 1000);
    const decoded = down.decode(Buffer.from(message!));
    assert.deepEqual(decoded, frame);
    const frames = decoded.items.flatMap(({ item }) => {
      if (item?.$case === "fetched") return item.value.events.map((one) => one.frame);
      return item?.$case === "delivery" || item?.$case === "transient" ? [item.value.frame] : [];
    });
    assert.deepEqual(
      frames.map(({ buffer }) => buffer.byteLength),
      [3, 3, 3, 3],
    );
  });

  it("throws at bytes that are no frame", () => {
    assert.throws(() => commands.decode(Buffer.from("no frame at all")));
  });
});
