// `npm run e2e -- --target local|mesh [--json] [--grep TEXT]`: runs the end-to-end tests against the server
// that is all in one process, or against a mesh whose services are processes of their own behind Envoy. The
// exit code is 1 if anything failed or was skipped.
import { Command, Option } from "commander";
import { type TargetName, targetNames } from "../../tests/e2e/target/target.js";
import { endToEnd } from "../testing/end-to-end.js";
import { runMocha } from "../testing/run-mocha.js";
import { closingLine, isGood } from "../testing/tally.js";

interface Flags {
  readonly target: TargetName;
  readonly json?: boolean;
  readonly grep?: string;
}

async function main({ target, json = false, grep }: Flags): Promise<void> {
  const began = performance.now();
  const args = grep === undefined ? [] : ["--grep", grep];
  const say = (line: string) => (json ? console.error(line) : console.log(line));
  const tally = await runMocha({ ...endToEnd(target, args, process.env), quiet: json, say });
  const ms = Math.round(performance.now() - began);
  console.log(json ? JSON.stringify({ target, ...tally, ms }) : `${target}: ${closingLine(tally)}, ${ms} ms`);
  process.exitCode = isGood(tally, true) ? 0 : 1;
}

const program = new Command("e2e").showHelpAfterError();
program
  .description("Runs the end-to-end tests.")
  .addOption(new Option("--target <name>", "what they run against").choices(targetNames).default("local"))
  .option("--json", "print one line of JSON, and all other words to stderr")
  .option("--grep <text>", "run only tests with this in their names")
  .action(main);
await program.parseAsync();
