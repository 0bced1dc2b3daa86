// `npm run check -- NAME`: proves a promise on servers that it starts and ends itself, on free ports and in a
// folder of their own. The exit code is 0 only if the promise held.
import { Command, InvalidArgumentError, Option } from "commander";
import type { Check } from "./check.js";
import { coordination } from "./coordination/coordination.js";
import { crash } from "./crash/crash.js";
import { fanout } from "./fanout/fanout.js";
import { fuzz } from "./fuzz/fuzz.js";
import { format, type Line } from "./print.js";
import { refusals } from "./refusals/refusals.js";
import { removal } from "./removal/removal.js";
import { resume } from "./resume/resume.js";
import { runCheck } from "./run-check.js";
import { stalledReader } from "./stalled-reader/stalled-reader.js";
import { store } from "./store/store.js";
import { trace } from "./trace/trace.js";

const checks: readonly Check[] = [
  ...[crash, fanout, resume, stalledReader, removal, fuzz],
  ...[store, coordination, refusals, trace],
];

type Json = { readonly json?: boolean };

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("not a whole number from 1.");
  return Number(text);
}

function commandOf(check: Check): Command {
  const command = new Command(check.name).description(check.about);
  command.option("--json", "print one JSON object a line");
  for (const [name, { about, standard }] of Object.entries(check.flags)) {
    const dashed = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    command.option(`--${dashed} <count>`, about, parseCount, standard);
  }
  const choices = Object.entries(check.choices ?? {});
  for (const [name, { about, standard, words }] of choices) {
    command.addOption(new Option(`--${name} <word>`, about).choices(words).default(standard));
  }
  return command.action(async ({ json = false, ...options }: Record<string, number | string> & Json) => {
    const given = Object.entries(options);
    const flags = given.flatMap(([name, value]) =>
      typeof value === "number" ? [[name, value] as const] : [],
    );
    const chosen = given.flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value] as const] : [],
    );
    const stop = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
    const print = (line: Line) => console.log(format(line, json));
    const last = await runCheck(
      check,
      Object.fromEntries(flags),
      stop.signal,
      print,
      Object.fromEntries(chosen),
    );
    console.log(format(last, json));
    process.exitCode = last.ok ? 0 : 1;
  });
}

const program = new Command("check").usage("NAME [--json] [flags]").showHelpAfterError();
program.description("Proves a promise on servers of its own.").helpCommand(false);
for (const check of checks) program.addCommand(commandOf(check));
await program.parseAsync();
