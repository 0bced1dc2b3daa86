import { systemClock } from "../../lib/clock/system-clock.js";
import { readCliConfig } from "./config.js";
import { explain } from "./failure.js";
import { createProgram } from "./program.js";
import { ProcessTerminal } from "./terminal/process-terminal.js";

const terminal = new ProcessTerminal();
const exit = (code: number) => {
  process.exitCode = code;
};
try {
  const context = { config: readCliConfig(), terminal, clock: systemClock, random: Math.random, exit };
  await createProgram(context).parseAsync();
} catch (error) {
  const { exitCode, words } = explain(error);
  if (words) terminal.say(words);
  exit(exitCode);
}
