import { createInterface } from "node:readline/promises";
import { addAbortSignal, Writable } from "node:stream";
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

/** The token on the standard input, undefined if it is stopped; a person does not see what is typed. */
export async function readToken(
  terminal: Pick<Terminal, "input" | "say" | "stop">,
): Promise<string | undefined> {
  const { input, stop } = terminal;
  if (input.isTTY) terminal.say("token (it is not shown):");
  const text = input.isTTY ? await readHidden(input, stop) : await readAll(input, stop);
  return text === undefined ? undefined : parseToken(text);
}

async function readAll(input: Terminal["input"], stop: AbortSignal): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of addAbortSignal(stop, input)) {
      const part = Buffer.from(chunk);
      bytes += part.length;
      if (bytes > inputBytesMax) throw new ConfabError("invalid_argument", "token", `a token ${tokenRule}`);
      chunks.push(part);
    }
  } catch (error) {
    if (stop.aborted) return undefined;
    throw error;
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** One line, edited as usual, with an output that nobody sees; empty if the input ends before. */
async function readHidden(input: Terminal["input"], stop: AbortSignal): Promise<string | undefined> {
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output, terminal: true, historySize: 0 });
  const [interrupt, end] = [new AbortController(), new AbortController()];
  // A terminal without echo makes no signal of Ctrl-C.
  lines.once("SIGINT", () => interrupt.abort());
  lines.once("close", () => end.abort());
  try {
    return await lines.question("", { signal: AbortSignal.any([stop, interrupt.signal, end.signal]) });
  } catch {
    return stop.aborted || interrupt.signal.aborted ? undefined : "";
  } finally {
    lines.close();
  }
}
