import { systemClock } from "../../lib/clock/system-clock.js";
import { createLog } from "../../lib/log/pino-log.js";
import { readLocalConfig } from "./config.js";
import { LocalMesh } from "./local-mesh.js";
import { announceReady, explain, untilSignal } from "./terminal.js";

const signal = untilSignal();
let mesh: LocalMesh | undefined;
try {
  const config = readLocalConfig(process.argv.slice(2));
  mesh = new LocalMesh(config, systemClock, Math.random, createLog(config.logLevel));
  announceReady(config, await mesh.start());
  await signal;
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
await mesh?.close();
