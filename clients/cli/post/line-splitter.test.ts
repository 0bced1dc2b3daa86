import assert from "node:assert/strict";
import fc from "fast-check";
import { textBytesMax } from "../../../lib/limits/limits.js";
import type { Line } from "./line.js";
import { LineSplitter } from "./line-splitter.js";

function split(...chunks: Uint8Array[]): { lines: Line[]; count: number } {
  const splitter = new LineSplitter();
  const lines = [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
  return { lines, count: splitter.count };
}

const texts = (lines: readonly Line[]) => lines.map(({ number, text }) => [number, text]);

describe("LineSplitter", () => {
  it("numbers lines, leaves empty ones out and takes off both kinds of line ends", () => {
    const { lines, count } = split(Buffer.from("a\n\r\n\n b \r\nc"));
    assert.deepEqual(texts(lines), [
      [1, "a"],
      [4, " b "],
      [5, "c"],
    ]);
    assert.equal(count, 5);
    assert.deepEqual(split(Buffer.from("a\n")).count, 1);
  });

  it("gives the same lines whatever pieces they come in", () => {
    const bytes = Buffer.from("grüße\n🎉🎉\r\n\n\ufeffx\nend");
    const whole = split(bytes).lines;
    assert.deepEqual(
      whole.map(({ text }) => text),
      ["grüße", "🎉🎉", "\ufeffx", "end"],
    );
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((to, i) => bytes.subarray(places[i], to));
        assert.deepEqual(split(...chunks).lines, whole);
      }),
    );
  });

  it("marks what is not UTF-8 and goes on behind it", () => {
    const { lines } = split(Buffer.from([0x61, 0xff, 0x0a, 0x62]));
    assert.deepEqual(
      lines.map(({ number, fault }) => [number, fault?.code]),
      [
        [1, "invalid_text"],
        [2, undefined],
      ],
    );
  });

  it("takes a line of as many bytes as a message may have, and marks one of more", () => {
    const longest = "x".repeat(textBytesMax);
    const { lines } = split(
      Buffer.from(`${longest}\r\n${longest}`),
      Buffer.from("x"),
      Buffer.from("yz".repeat(textBytesMax)),
      Buffer.from("\nnext"),
    );
    assert.deepEqual(
      lines.map(({ bytes, fault }) => fault?.code ?? bytes),
      [textBytesMax, "msg_too_long", 4],
    );
    assert.ok(lines[1]!.text.length < 1000);
  });
});
