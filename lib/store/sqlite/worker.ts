import { parentPort, workerData } from "node:worker_threads";
import { BatchRunner } from "./batch-runner.js";
import { directoryOperations } from "./directory-operations.js";
import { logOperations } from "./log-operations.js";
import { openDatabase } from "./open-database.js";
import type { ToWorker, WorkerData } from "./thread.js";

const port = parentPort!;
const { folder } = workerData as WorkerData;
const { database, close } = openDatabase(folder);
const runner = new BatchRunner(database, { ...logOperations(database), ...directoryOperations(database) });

port.on("message", (message: ToWorker) => {
  if (message !== "close") {
    port.postMessage(runner.run(message));
    return;
  }
  try {
    close();
  } finally {
    port.close();
  }
});
port.postMessage("ready");
