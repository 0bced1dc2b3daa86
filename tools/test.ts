// `npm test`: lint, format, contracts, dead code and all tests, closed by one line with the counts. The exit
// code is 1 if anything failed or, with CI=true, was skipped. `--grep TEXT` runs only tests with such a name.
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { changes, checkoutState } from "./testing/checkout.js";
import { endToEnd } from "./testing/end-to-end.js";
import { leftovers, runVariable } from "./testing/processes.js";
import { runMocha } from "./testing/run-mocha.js";
import { runSteps } from "./testing/steps.js";
import { closingLine, isGood, single, sum, type Tally } from "./testing/tally.js";

const leftoverMsMax = 3_000;
const leftoverPollMs = 100;

const say = (line: string) => console.log(line);

/** Fails for each process that is still there after a moment, and ends it. */
async function checkProcesses(mark: string): Promise<Tally[]> {
  let left = leftovers(mark);
  for (let ms = 0; left.length > 0 && ms < leftoverMsMax; ms += leftoverPollMs) {
    await wait(leftoverPollMs);
    left = leftovers(mark);
  }
  return left.map(({ pid, command }) => {
    say(`FAIL a process was left behind: ${pid} ${command}`);
    process.kill(pid, "SIGKILL");
    return single(false);
  });
}

function checkCheckout(before: string | undefined): Tally[] {
  const changed = before === undefined ? [] : changes(before, checkoutState() ?? "");
  if (changed.length > 0) say(`FAIL the run changed the checkout:\n${changed.join("\n")}`);
  return changed.length > 0 ? [single(false)] : [];
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { grep: { type: "string" } } });
  const mark = randomUUID();
  const before = checkoutState();
  const tallies = runSteps(say);
  const args = values.grep === undefined ? [] : ["--grep", values.grep];
  const environment = { ...process.env, [runVariable]: mark };
  tallies.push(await runMocha({ args, environment, say }));
  say("the end-to-end tests, on a mesh of processes:");
  tallies.push(await runMocha({ ...endToEnd("mesh", args, environment), mayBeEmpty: args.length > 0, say }));
  tallies.push(...(await checkProcesses(mark)), ...checkCheckout(before));
  const total = sum(tallies);
  say(closingLine(total));
  process.exitCode = isGood(total, process.env.CI === "true") ? 0 : 1;
}

await main();
