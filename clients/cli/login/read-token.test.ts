import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { readToken } from "./read-token.js";

/** Reads a token of what is written to an input, which a person's terminal is if it has a mode. */
async function read(texts: readonly string[], tty?: { setRawMode(raw: boolean): void }) {
  const said: string[] = [];
  const input = Object.assign(new PassThrough(), tty && { isTTY: true, ...tty });
  const reading = readToken({ input, say: (words) => said.push(words), stop: new AbortController().signal });
  for (const text of texts) input.write(text);
  if (!tty) input.end();
  const result = await reading.catch((error: Error) => error);
  return { result, said };
}

describe("a token on the standard input", () => {
  it("is the only word of it", async () => {
    assert.deepEqual(await read(["cft_", "abc\n"]), { result: "cft_abc", said: [] });
  });

  it("is refused by name without being repeated", async () => {
    for (const [text, code] of [
      ["", "missing_argument"],
      [" \n", "missing_argument"],
      ["secret words", "invalid_argument"],
      ["secrét", "invalid_argument"],
      ["secret\nmore", "invalid_argument"],
      ["secret".repeat(10_000), "invalid_argument"],
    ] as const) {
      const { result } = await read([text]);
      assert.ok(result instanceof Error && "code" in result && result.code === code, text);
      assert.ok(!result.message.includes("secr"));
    }
  });

  it("is asked for on a terminal that does not show it", async () => {
    const modes: boolean[] = [];
    const tty = { setRawMode: (raw: boolean) => void modes.push(raw) };
    const { result, said } = await read(["secrex\u007ft", "\r"], tty);
    assert.equal(result, "secret");
    assert.deepEqual(modes, [true, false]);
    assert.deepEqual(said, ["token (it is not shown):"]);
  });

  it("is none when the input ends before, and not wanted any more after Ctrl-C", async () => {
    for (const [key, code] of [
      ["\u0003", undefined],
      ["\u0004", "missing_argument"],
    ] as const) {
      const modes: boolean[] = [];
      const { result } = await read([key], { setRawMode: (raw) => void modes.push(raw) });
      assert.equal(result instanceof Error ? Object(result).code : result, code);
      assert.deepEqual(modes, [true, false]);
    }
    for (const isTTY of [true, false]) {
      const stop = new AbortController();
      const input = Object.assign(new PassThrough(), { isTTY });
      const reading = readToken({ input, say: () => {}, stop: stop.signal });
      stop.abort();
      assert.equal(await reading, undefined);
    }
  });
});
