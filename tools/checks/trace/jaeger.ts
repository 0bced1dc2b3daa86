import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { findComponent, howToGet } from "../../components/find.js";
import { jaeger } from "../../components/servers/jaeger.js";
import { freePorts } from "../../testing/free-ports.js";
import type { Room } from "../room.js";

const portsCount = 5;
const readyPollMs = 50;
const readyMsMax = 30_000;

/** Where a started Jaeger takes spans, and where it is asked for traces; both base URLs. */
export interface StartedJaeger {
  readonly otlp: string;
  readonly query: string;
}

/** Starts Jaeger on free ports, with traces in memory; it ends with the room. */
export async function startJaeger({ folder, defer }: Room): Promise<StartedJaeger> {
  const program = findComponent("jaeger");
  if (!program) throw new Error(`jaeger is not there; get it by: ${howToGet("jaeger")}`);
  const data = join(folder, "jaeger");
  mkdirSync(data);
  const port = await freePorts(portsCount);
  const [launch] = await jaeger.launches({ folder: program, data, members: 1, port, config: undefined });
  if (!launch) throw new Error("nothing is known of how to start jaeger");
  const child = spawn(launch.command, [...launch.args], { stdio: "ignore" });
  const ended = once(child, "exit");
  const killAtExit = () => void child.kill("SIGKILL");
  process.once("exit", killAtExit);
  defer(async () => {
    child.kill("SIGTERM");
    await ended;
    process.off("exit", killAtExit);
  });
  for (let ms = 0; ; ms += readyPollMs) {
    const why = await launch.whyNotReady();
    if (!why) break;
    if (ms >= readyMsMax || child.exitCode !== null) throw new Error(`jaeger is not ready: ${why}`);
    await wait(readyPollMs);
  }
  const { query = "", "OTLP by gRPC": otlp } = launch.addresses;
  return { query, otlp: `http://${otlp}` };
}
