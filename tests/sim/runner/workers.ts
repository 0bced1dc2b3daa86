import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type RunReply, type RunRequest, settingOf } from "./request.js";
import type { RunKind } from "./simulate.js";

const program = fileURLToPath(new URL("./run-worker.js", import.meta.url));

/** One job's processes, one for each setting that its seeds need; they run one at a time. */
class Job {
  private readonly children = new Map<string, ChildProcess>();

  constructor(
    private readonly kind: RunKind,
    private readonly mutation: string,
  ) {}

  async run(request: RunRequest): Promise<RunReply> {
    const setting = JSON.stringify(settingOf(this.kind, request.seed, this.mutation));
    const child = this.children.get(setting) ?? fork(program, [setting]);
    this.children.set(setting, child);
    const ended = new AbortController();
    try {
      child.send(request);
      const { signal } = ended;
      const died = once(child, "exit", { signal }).then(([code]) => {
        throw new Error(`the process that ran seed ${request.seed} ended with code ${code}`);
      });
      const [reply] = await Promise.race([once(child, "message", { signal }), died]);
      return reply;
    } finally {
      ended.abort();
    }
  }

  async close(): Promise<void> {
    for (const child of this.children.values()) {
      if (child.exitCode !== null) continue;
      const exit = once(child, "exit");
      if (child.connected) child.disconnect();
      await exit;
    }
  }
}

/** What to run. */
export interface Batch {
  readonly kind: RunKind;
  readonly firstSeed: number;
  readonly runs: number;
  /** Leaves seeds out; all are run without. */
  readonly wants?: (seed: number) => boolean;
  /** How many processes work at a time. */
  readonly jobs: number;
  readonly twice: (seed: number) => boolean;
  readonly verbose: boolean;
  /** How many copies the stores have; undefined: as the seeds say. */
  readonly copies?: 1 | 3 | undefined;
  /** Name of a deliberate bug; empty: none. */
  readonly mutation: string;
}

/**
 * Runs seeds in processes of their own. Each reply is handed on as it comes, in no fixed order, until
 * `seen` returns false or all seeds have run.
 */
export async function runBatch(batch: Batch, seen: (reply: RunReply) => boolean): Promise<void> {
  const { kind, firstSeed, runs, wants, twice, verbose, copies, mutation } = batch;
  let next = firstSeed;
  const last = firstSeed + runs - 1;
  const work = async () => {
    const job = new Job(kind, mutation);
    try {
      while (next <= last) {
        const seed = next++;
        if (wants && !wants(seed)) continue;
        const reply = await job.run({ seed, twice: twice(seed), verbose, copies });
        if (!seen(reply)) next = last + 1;
      }
    } finally {
      await job.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(batch.jobs, runs) }, work));
}
