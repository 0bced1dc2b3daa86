// `npm run bench -- NAME`: measures servers that it starts and ends itself, on free ports, on loopback, in a
// folder of its own. The exit code tells whether messages were lost or doubled, never how fast it was.
import { Command, InvalidArgumentError, Option } from "commander";
import type { Bench, Line } from "./bench.js";
import { channels } from "./channels.js";
import { fanout, firehose, rooms } from "./deliveries.js";
import { latency } from "./latency.js";
import { links } from "./links.js";
import { post } from "./post.js";
import { printTop } from "./profile/print-top.js";
import { runBench } from "./run-bench.js";
import { subscriptions } from "./subscriptions.js";
import { tracing } from "./tracing.js";

const benches: readonly Bench[] = [
  ...[fanout, rooms, firehose, post, latency, subscriptions, channels],
  ...[links, tracing],
];

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("not a whole number from 1.");
  return Number(text);
}

interface CommonFlags {
  readonly json?: boolean;
  readonly profile?: string;
}

type Given = Record<string, number | string>;

const isNumber = (value: number | string) => typeof value === "number";
const isText = (value: number | string) => typeof value === "string";

function entriesOf<Value extends number | string>(
  given: Given,
  isMeant: (value: number | string) => value is Value,
): (readonly [string, Value])[] {
  return Object.entries(given).flatMap(([name, value]) => (isMeant(value) ? [[name, value] as const] : []));
}

function commandOf(bench: Bench): Command {
  const command = new Command(bench.name).description(bench.about);
  command.option("--json", "print one JSON object a line");
  command.option("--profile <folder>", "have V8 write profiles of the server to a folder");
  for (const [name, { about, standard }] of Object.entries(bench.flags)) {
    const dashed = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    command.option(`--${dashed} <count>`, about, parseCount, standard);
  }
  for (const [name, { about, standard, words }] of Object.entries(bench.choices ?? {})) {
    command.addOption(new Option(`--${name} <word>`, about).choices(words).default(standard));
  }
  return command.action(async ({ json, profile, ...given }: CommonFlags & Given) => {
    const flags = Object.fromEntries(entriesOf(given, isNumber));
    const chosen = Object.fromEntries(entriesOf(given, isText));
    const stop = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
    const print = (line: Line) => console.log(format(line, json ?? false));
    const last = await runBench(bench, flags, { profileFolder: profile, signal: stop.signal, chosen }, print);
    print(last);
    process.exitCode = last.ok ? 0 : 1;
  });
}

function format(line: Line, json: boolean): string {
  if (json) return JSON.stringify(line);
  if ("step" in line) return `${line.bench}: ${line.step}`;
  if ("figure" in line) return `${line.figure} ${line.median} (${line.min} to ${line.max})`;
  const { bench, ok, seconds, faults, error } = line;
  return `${bench}: ${error ?? (ok ? "nothing lost" : JSON.stringify(faults))}, ${seconds} s`;
}

const program = new Command("bench").usage("NAME [--json] [flags]").showHelpAfterError();
program.description("Measures servers of its own.").helpCommand(false);
for (const bench of benches) program.addCommand(commandOf(bench));
program
  .command("top <profile...>")
  .description("lists where a profile's time was spent")
  .action((profiles: string[]) => printTop(profiles));
await program.parseAsync();
