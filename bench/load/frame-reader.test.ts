import assert from "node:assert/strict";
import { clientFrame, FrameReader, opcodes } from "./frame-reader.js";

/** A server's frame is a client's without the mask. */
function serverFrame(text: string): Buffer {
  const frame = clientFrame(opcodes.text, Buffer.from(text));
  frame[1] = frame[1]! & 0x7f;
  const headerBytes = text.length < 126 ? 2 : 4;
  return Buffer.concat([frame.subarray(0, headerBytes), Buffer.from(text)]);
}

describe("FrameReader", () => {
  const texts = ["", "one", "x".repeat(126), "y".repeat(3000), "last"];
  const bytes = Buffer.concat(texts.map(serverFrame));
  const read = (chunkBytes: number): string[] => {
    const taken: string[] = [];
    const reader = new FrameReader((_, buffer, from, to) => taken.push(buffer.toString("utf8", from, to)));
    for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.subarray(at, at + chunkBytes));
    return taken;
  };

  it("cuts one chunk into frames", () => assert.deepEqual(read(bytes.length), texts));

  it("puts frames together that came in pieces", () => {
    for (const chunkBytes of [1, 3, 7, 1000]) assert.deepEqual(read(chunkBytes), texts);
  });

  it("reads the length of a frame beyond 64 KiB", () => {
    const length = 70_000;
    const header = Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
    header.writeBigUInt64BE(BigInt(length), 2);
    let seen = 0;
    const reader = new FrameReader((_, __, from, to) => {
      seen = to - from;
    });
    reader.push(Buffer.concat([header, Buffer.alloc(length)]));
    assert.equal(seen, length);
  });

  it("does not take a masked frame", () => {
    const reader = new FrameReader(() => {});
    assert.throws(() => reader.push(clientFrame(opcodes.text, Buffer.from("hi"))), /masked/);
  });
});
