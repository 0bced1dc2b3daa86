import { register } from "node:module";
import { duelLimits, fewSlots, lowLimits } from "../edits/limits.js";
import { mutations } from "../edits/mutations.js";
import type { RunReply, RunRequest, WorkerSetting } from "./request.js";

// A process that runs seeds, with edited code if need be: the edits are set before any service is loaded.
const { kind, lowLimits: low, mutation }: WorkerSetting = JSON.parse(process.argv[2] ?? "");
const data = [
  ...fewSlots,
  ...(kind === "duel" ? duelLimits : low ? lowLimits : []),
  ...(mutations[mutation] ?? []),
];
register("../edits/loader-worker.js", import.meta.url, { data });
const { simulate } = await import("./simulate.js");

async function run({ seed, twice, verbose, copies }: RunRequest): Promise<RunReply> {
  const { history, trace, ...result } = await simulate(seed, { kind, verbose, copies });
  const again = twice ? await simulate(seed, { kind, copies }) : result;
  const parted = result.checkpoints.findIndex((digest, i) => digest !== again.checkpoints[i]);
  const isSame = result.digest === again.digest;
  const partedAt = isSame ? undefined : parted < 0 ? result.checkpoints.length : parted;
  return { result: verbose ? { ...result, history, trace } : result, partedAt, times: twice ? 2 : 1 };
}

process.on("message", (request: RunRequest) => {
  run(request).then(
    (reply) => process.send?.(reply),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit(0));
