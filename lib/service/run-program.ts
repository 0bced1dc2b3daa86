import { sleep } from "../clock/clock.js";
import type { ServiceName } from "../tls/identity.js";
import type { ProgramConfig } from "./config.js";
import { explain } from "./explain.js";
import { Host } from "./host.js";
import { Observation, type WhyNotReady } from "./observation.js";
import { endSignals } from "./signals.js";

/** Wait before a service is asked again whether it is ready, in ms. */
const readyPollMs = 50;

/** A service that was started. It ends with its host. */
export interface Running {
  /** Where it listens, as bound (`host:port`): `address`, and more where there is more. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly whyNotReady: WhyNotReady;
  /**
   * Sends clients elsewhere; resolves when none is left, the time for it is over or the signal aborts.
   * Everything goes on until the host closes.
   */
  readonly drain?: (hurry: AbortSignal) => Promise<void>;
}

/** A service as a program. */
export interface Program<Config extends ProgramConfig> {
  readonly service: ServiceName;
  /** @throws ConfigError with all faults at once */
  readonly readConfig: () => Promise<Config>;
  readonly start: (config: Config, host: Host) => Promise<Running>;
}

/**
 * Runs a service until the process is told to end: says on stdout when it is ready, is observed from the
 * beginning to the end, and drains before it closes. Sets the exit code 1 if it cannot start.
 */
export async function runProgram<Config extends ProgramConfig>(program: Program<Config>): Promise<void> {
  const signals = endSignals();
  const stage: Stage = { isStarting: false, running: undefined, isDraining: false };
  let host: Host | undefined;
  try {
    const config = await program.readConfig();
    const { memberId: member } = config as { memberId?: string };
    const names = { service: program.service, ...(member !== undefined && { member }) };
    host = new Host(config, names);
    stage.isStarting = true;
    const started = start(program, config, host, stage).finally(() => {
      stage.isStarting = false;
    });
    // Whoever is told to end while it starts ends; what becomes of the start is of no interest then.
    started.catch(() => {});
    await Promise.race([started, signals.asked]);
    await signals.asked;
    stage.isDraining = true;
    host.log.info({}, "told to end");
    await stage.running?.drain?.(signals.hurry);
  } catch (error) {
    explain(error);
    process.exitCode = 1;
  }
  await host?.close();
  // A connection that is being made cannot be closed, and nothing is lost with it.
  if (stage.isStarting) process.exit();
}

/** How far a program has got. */
interface Stage {
  isStarting: boolean;
  running: Running | undefined;
  isDraining: boolean;
}

async function start<Config extends ProgramConfig>(
  program: Program<Config>,
  config: Config,
  host: Host,
  stage: Stage,
): Promise<void> {
  const whyNotReady = () => {
    if (stage.isDraining) return "draining";
    return stage.running ? stage.running.whyNotReady() : "starting";
  };
  const metrics = () => host.metrics.text();
  const observation = host.closeLater(new Observation({ metrics, whyNotReady }));
  const observedAt = await observation.listen(config.observationAddress);
  const running = await program.start(config, host);
  stage.running = running;
  for (let told = ""; ; ) {
    const why = await whyNotReady();
    if (why === undefined || stage.isDraining) break;
    if (why !== told) host.log.info({ reason: why }, "not ready yet");
    told = why;
    await sleep(host.clock, readyPollMs);
  }
  if (stage.isDraining) return;
  const { service } = program;
  console.log(JSON.stringify({ event: "ready", service, ...running.addresses, observation: observedAt }));
  host.log.info({ ...running.addresses, observation: observedAt }, "ready");
}
