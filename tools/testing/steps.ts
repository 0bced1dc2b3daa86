import { spawnSync } from "node:child_process";
import { single, type Tally } from "./tally.js";

/** A tool that looks at the sources and says by its exit code whether they are good. */
interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const stepMsMax = 120_000;

const steps: readonly Step[] = [
  { name: "lint and format", command: "biome", args: ["check", "--error-on-warnings"] },
  { name: "contracts", command: "buf", args: ["lint"] },
  { name: "dead code", command: "knip", args: [] },
];

/** Runs the tools one after the other; their output is shown if they complain. */
export function runSteps(say: (line: string) => void): Tally[] {
  return steps.map((step) => {
    const began = performance.now();
    const done = spawnSync(`node_modules/.bin/${step.command}`, step.args, {
      encoding: "utf8",
      timeout: stepMsMax,
      maxBuffer: 64 * 1024 * 1024,
    });
    const ok = done.status === 0;
    const ms = Math.round(performance.now() - began);
    say(`${ok ? "ok  " : "FAIL"} ${step.name} (${[step.command, ...step.args].join(" ")}, ${ms} ms)`);
    if (!ok) say([done.stdout, done.stderr, done.error?.message].filter(Boolean).join("\n").trimEnd());
    return single(ok);
  });
}
