import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { Terminal } from "../terminal/terminal.js";
import { isToken, tokenRule } from "./token.js";

/** Most bytes that are read for a token. */
const inputBytesMax = 16 * 1024;

/** A text as a token. @throws ConfabError, which does not repeat it */
export function parseToken(text: string): string {
  const token = text.trim();
  if (token === "") throw new ConfabError("missing_argument", "token", "no token came on the standard input");
  if (!isToken(token)) throw new ConfabError("invalid_argument", "token", `a token ${tokenRule}`);
  return token;
}

/** The token on the standard input; a person is asked for it and does not see it. */
export async function readToken(terminal: Pick<Terminal, "input" | "say" | "stop">): Promise<string> {
  if (!terminal.input.isTTY) return parseToken(await readAll(terminal.input));
  terminal.say("token (it is not shown):");
  return parseToken(await readHidden(terminal.input, terminal.stop));
}

async function readAll(input: Terminal["input"]): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > inputBytesMax) throw new ConfabError("invalid_argument", "token", `a token ${tokenRule}`);
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** One line, edited as usual, with an output that nobody sees. */
async function readHidden(input: Terminal["input"], stop: AbortSignal): Promise<string> {
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output, terminal: true, historySize: 0 });
  const end = new AbortController();
  // A terminal without echo makes no signal of Ctrl-C.
  lines.once("SIGINT", () => end.abort());
  lines.once("close", () => end.abort());
  try {
    return await lines.question("", { signal: AbortSignal.any([stop, end.signal]) });
  } catch {
    throw new ConfabError("missing_argument", "token", "no token was entered");
  } finally {
    lines.close();
  }
}
