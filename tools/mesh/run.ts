import { setTimeout as wait } from "node:timers/promises";
import { describeReady } from "./describe-ready.js";
import type { MeshRequest } from "./make-settings.js";
import type { Mesh } from "./mesh.js";
import { type Counts, variablesPassedOn } from "./settings.js";
import type { MeshReady } from "./start-mesh.js";
import { userSignals } from "./user-signals.js";

const lookMs = 1_000;

/** What the user asks for on the command line. */
export interface RunFlags extends Partial<Omit<Counts, "etcds">> {
  readonly etcds?: "1" | "3";
  readonly port: number;
  readonly otlp?: string;
  readonly jaeger: boolean;
  readonly sampling: number;
  /** `host:port`, separated by commas. */
  readonly cassandra?: string;
  readonly keyspace: string;
  readonly fresh?: boolean;
  readonly detach?: boolean;
  readonly json?: boolean;
}

/** Starts a mesh, says where it is and, unless it is to be left alone, ends it when the user says so. */
export async function run(mesh: Mesh, flags: RunFlags): Promise<void> {
  const signals = userSignals();
  // Whatever ends this process ends the others too, unless they were to be left alone.
  const killNow = () => mesh.killNow();
  try {
    const ready = await mesh.start(requestOf(flags), signals.asked);
    tell(mesh, ready, flags);
    if (flags.detach) return;
    process.on("exit", killNow);
    await untilOver(mesh, signals.asked);
    signals.hurried.addEventListener("abort", () => process.exit(1));
    await mesh.stop();
  } finally {
    process.off("exit", killNow);
    signals.close();
  }
}

function requestOf(flags: RunFlags): MeshRequest {
  const { charms, channels, admins, gateways, webs, etcds } = flags;
  const { port, jaeger, sampling, otlp, cassandra, keyspace, fresh = false } = flags;
  const given = { charms, channels, admins, gateways, webs, etcds: etcds && Number(etcds) };
  return {
    ...{ port, jaeger, sampling, fresh, variables: variablesPassedOn(process.env) },
    counts: Object.fromEntries(Object.entries(given).filter(([, count]) => count !== undefined)),
    ...(otlp !== undefined && { otlp }),
    ...(cassandra !== undefined && { cassandra: { contactPoints: cassandra.split(","), keyspace } }),
  };
}

/** Says what a person, or a program, wants to know of a mesh that serves. */
function tell(mesh: Mesh, ready: MeshReady, { json, detach }: RunFlags): void {
  const processes = mesh.status().map(({ name, pid, log }) => ({ name, pid, log }));
  if (json) {
    const { ms, url, ws, grpc, ca, token, jaeger } = ready;
    return console.log(
      JSON.stringify({ ready: true, ms, envoy: url, ws, grpc, ca, token, jaeger, processes }),
    );
  }
  const { folder } = mesh;
  const place = { data: folder.data, logs: folder.at("logs"), processes: processes.length };
  console.log(describeReady(ready, { ...place, detached: detach ?? false }));
}

/** Resolves when the user, or somebody by `stop`, ends the mesh; tells of processes that end before. */
async function untilOver(mesh: Mesh, asked: AbortSignal): Promise<void> {
  const missed = new Set<string>();
  while (!asked.aborted) {
    const all = mesh.status();
    if (all.length === 0) return;
    // Whoever is at it knows which processes end.
    for (const { name, alive, log } of mesh.isChanging ? [] : all) {
      if (alive) missed.delete(name);
      else if (!missed.has(name)) {
        missed.add(name);
        console.error(`confab: ${name} has ended: see ${log}; back by: npm run mesh -- start ${name}`);
      }
    }
    await wait(lookMs, undefined, { signal: asked }).catch(() => {});
  }
}
