import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isForDuels, mutations } from "./edits/mutations.js";
import { hunt } from "./runner/hunt.js";
import type { RunReply } from "./runner/request.js";
import type { RunKind } from "./runner/simulate.js";
import { Summary } from "./runner/summary.js";
import { runBatch } from "./runner/workers.js";

/** Violations of one seed that are printed. */
const linesMax = 3;
const runsDefault = 100;
/** After so many failing seeds it is enough. */
const failuresMax = 10;
const progressEvery = 100;
/** So many seeds run twice, to see that the same happens; of those that follow, one in so many. */
const twiceAllMax = 30;
const twiceEvery = 20;
/** Unless a kind is asked for, one seed in so many is a whole mesh, the others are owners in a row. */
const meshEvery = 10;

const { values } = parseArgs({
  options: {
    runs: { type: "string" },
    seed: { type: "string", default: "1" },
    jobs: { type: "string", default: "2" },
    mutation: { type: "string", default: "" },
    json: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
    copies: { type: "string" },
    kind: { type: "string" },
  },
});

function whole(name: "runs" | "seed" | "jobs"): number {
  const value = Number(values[name] ?? runsDefault);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  console.error(`--${name} must be a whole number from 1 on`);
  process.exit(2);
}

/** How many copies the stores shall have, if that is said. */
function copiesAsked(): 1 | 3 | undefined {
  if (values.copies === undefined) return undefined;
  if (values.copies === "1") return 1;
  if (values.copies === "3") return 3;
  console.error("--copies must be 1 or 3");
  process.exit(2);
}

/** What kinds of runs: those that were asked for, or that show the bug, or both. */
function kindsAsked(mutation: string): readonly RunKind[] {
  const { kind = "" } = values;
  if (kind === "mesh" || kind === "duel") return [kind];
  if (kind !== "") {
    console.error("--kind must be mesh or duel");
    process.exit(2);
  }
  if (mutation !== "") return [isForDuels(mutation) ? "duel" : "mesh"];
  return ["mesh", "duel"];
}

const say = (line: string) => values.json || console.log(line);

/** Writes down all that is known of a run; its folder. */
function keep(kind: RunKind, { result }: RunReply): string {
  const folder = join(tmpdir(), `confab-sim-${kind}-${result.seed}`);
  mkdirSync(folder, { recursive: true });
  if ("history" in result) {
    const lines = result.history.map((record) => `${JSON.stringify(record)}\n`);
    writeFileSync(join(folder, "history.jsonl"), lines.join(""));
    writeFileSync(join(folder, "trace.txt"), `${result.trace.join("\n")}\n`);
  }
  return folder;
}

async function check(mutation: string): Promise<boolean> {
  const kinds = kindsAsked(mutation);
  const summary = new Summary(kinds);
  for (const kind of kinds) await runAll(kind, kinds.length === 1, mutation, summary);
  for (const name of summary.missing) console.error(`FAIL never happened: ${name}`);
  console.log(summary.toJson());
  return summary.isGood;
}

/**
 * Runs seeds as runs of one kind, until too many have failed.
 *
 * @param isAlone there are no runs of another kind
 */
async function runAll(kind: RunKind, isAlone: boolean, mutation: string, summary: Summary): Promise<void> {
  const { verbose } = values;
  const firstSeed = whole("seed");
  const batch = {
    kind,
    firstSeed,
    runs: whole("runs"),
    wants: (seed: number) => isAlone || (seed % meshEvery === 1) === (kind === "mesh"),
    jobs: whole("jobs"),
    twice: (seed: number) => !verbose && (seed - firstSeed < twiceAllMax || seed % twiceEvery === 0),
    verbose,
    copies: copiesAsked(),
  };
  let failures = 0;
  const bug = mutation ? ` --mutation ${mutation}` : "";
  await runBatch({ ...batch, mutation }, (reply) => {
    const { seed } = reply.result;
    const wrong = summary.add(reply);
    for (const line of wrong.slice(0, linesMax)) console.error(`FAIL ${kind} seed ${seed}: ${line}`);
    if (verbose) console.error(`history and trace of seed ${seed}: ${keep(kind, reply)}`);
    else if (wrong.length > 0) {
      console.error(`  replay: npm run sim -- --kind ${kind} --seed ${seed} --runs 1 --verbose${bug}`);
    }
    if (summary.runs % progressEvery === 0) say(`${summary.runs} runs`);
    if (wrong.length > 0) failures++;
    return failures < failuresMax;
  });
}

/** Hunts deliberate bugs; whether all were caught. */
async function huntThem(names: readonly string[]): Promise<boolean> {
  let all = true;
  for (const mutation of names) {
    const { caught, seed, promises } = await hunt(mutation, {
      firstSeed: whole("seed"),
      jobs: whole("jobs"),
    });
    console.log(JSON.stringify({ mutation, caught, seed, promise: promises.join(" ") }));
    all &&= caught;
  }
  return all;
}

const { mutation } = values;
if (mutation !== "" && mutation !== "all" && !Object.hasOwn(mutations, mutation)) {
  console.error(`--mutation is all or one of ${Object.keys(mutations).join(", ")}`);
  process.exit(2);
}
/** A bug by its name is hunted, unless it is said how many seeds are to run with it. */
function work(): Promise<boolean> {
  if (mutation === "all") return huntThem(Object.keys(mutations));
  return mutation !== "" && values.runs === undefined ? huntThem([mutation]) : check(mutation);
}

process.exitCode = (await work()) ? 0 : 1;
