// One socket that follows all channels, in a thread that does nothing else: it gets each event as early as
// anybody
// can, so that one sent before it was stored is least likely to be stored by the time of the look.
import { parentPort, workerData } from "node:worker_threads";
import { Audience } from "./audience.js";
import type { EarlyData, EarlyQuestion } from "./early.js";
import { StoredSeqs } from "./stored-seqs.js";

const { folder, server, channels }: EarlyData = workerData;
const stored = new StoredSeqs(folder);
const audience = new Audience([channels], stored);
await audience.open(server);
parentPort?.on("message", (question: EarlyQuestion) => {
  if (question.newest) {
    parentPort?.postMessage({ ...audience.heard(), missing: audience.missing(question.newest) });
    return;
  }
  audience.close();
  stored.close();
  parentPort?.close();
});
parentPort?.postMessage("ready");
