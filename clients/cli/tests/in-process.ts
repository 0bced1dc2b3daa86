import { PassThrough } from "node:stream";
import { systemClock } from "../../../lib/clock/system-clock.js";
import type { CliConfig } from "../config.js";
import { explain } from "../failure.js";
import { createProgram } from "../program.js";
import type { Ended } from "./run-cli.js";

/** Runs the tool in this process, as its main program does. */
export async function runInProcess(config: CliConfig, args: readonly string[], input = ""): Promise<Ended> {
  const ended = { code: 0, stdout: "", stderr: "" };
  const exit = (code: number) => {
    ended.code = code;
  };
  const terminal = {
    input: new PassThrough().end(input),
    isWatched: false,
    stop: new AbortController().signal,
    async print(line: string) {
      ended.stdout += `${line}\n`;
    },
    say(line: string) {
      ended.stderr += `${line}\n`;
    },
  };
  try {
    const program = createProgram({ config, terminal, clock: systemClock, random: Math.random, exit });
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    const { exitCode, words } = explain(error);
    if (words) terminal.say(words);
    exit(exitCode);
  }
  return ended;
}
