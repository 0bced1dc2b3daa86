import { systemClock } from "../../lib/clock/system-clock.js";
import { createLog } from "../../lib/log/pino-log.js";
import { explain } from "../../lib/service/explain.js";
import { endSignals } from "../../lib/service/signals.js";
import { readLocalConfig } from "./config.js";
import { LocalMesh } from "./local-mesh.js";
import { announceReady } from "./terminal.js";

const signals = endSignals();
let mesh: LocalMesh | undefined;
try {
  const config = readLocalConfig(process.argv.slice(2));
  mesh = new LocalMesh(config, systemClock, Math.random, createLog(config.logLevel));
  announceReady(config, await mesh.start());
  await signals.asked;
  await mesh.drain(signals.hurry);
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
await mesh?.close();
