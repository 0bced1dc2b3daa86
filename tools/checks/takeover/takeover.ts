import { setTimeout as wait } from "node:timers/promises";
import { MeshStage } from "../../mesh/mesh-stage.js";
import { type Api, connect, createChannels, readLogs } from "../api.js";
import type { Check, CheckContext, Figures } from "../check.js";
import { Ledger, type Post } from "../posting/ledger.js";
import { postAll } from "../posting/post-all.js";
import { etcdLeader } from "./etcd-leader.js";
import { type Acked, recoveryMs } from "./recovery.js";

type FlagName = "rate" | "seconds" | "channels" | "callers" | "killMs" | "hangMs";

/** How long posts go on before something happens to a process, in ms. */
const beforeMs = 3000;
/** How long a process that was stopped hangs before it goes on, in ms: longer than its lease. */
const hangsMs = 9000;

/** What happens to the mesh while posts go on. */
interface Incident {
  readonly name: string;
  /** In front of its figures' names. */
  readonly key: string;
  /** Does it, and later sets it right. */
  happen(mesh: MeshStage): Promise<() => Promise<void>>;
}

const kill: Incident = {
  name: "kill -9 of a channel server",
  key: "kill",
  happen: async (mesh) => {
    await mesh.kill("channel-1");
    return () => mesh.startAgain("channel-1");
  },
};

const stop: Incident = {
  name: "SIGSTOP of a channel server",
  key: "hang",
  happen: async (mesh) => {
    mesh.pause("channel-2");
    return async () => mesh.resume("channel-2");
  },
};

const killEtcdLeader: Incident = {
  name: "kill -9 of etcd's leader",
  key: "etcdLeader",
  happen: async (mesh) => {
    const leader = await etcdLeader(mesh.status());
    await mesh.kill(leader);
    return () => mesh.startAgain(leader);
  },
};

const silenceEtcd: Incident = {
  name: "SIGSTOP of two of three members of etcd",
  key: "noQuorum",
  happen: async (mesh) => {
    const members = ["etcd-1", "etcd-2"];
    for (const member of members) mesh.pause(member);
    return async () => {
      for (const member of members) mesh.resume(member);
    };
  },
};

/**
 * The channels of a channel server that dies or hangs take posts again soon, nothing acknowledged is lost,
 * and nobody notices that etcd's leader dies or that it has no quorum (G1, G2, G4, G8).
 */
export const takeover: Check<FlagName> = {
  name: "takeover",
  about: "kills and stops processes of a mesh under posts, and measures until all channels take posts again",
  flags: {
    rate: { standard: 200, about: "posts in a second" },
    seconds: { standard: 20, about: "how long posts go on around each incident" },
    channels: { standard: 60, about: "into how many channels" },
    callers: { standard: 60, about: "how many callers post at a time" },
    killMs: { standard: 3000, about: "most ms until posts are taken again after a kill" },
    hangMs: { standard: 6000, about: "most ms until posts are taken again after a server hangs" },
  },
  async run(context, flags) {
    const mesh = new MeshStage((line) => context.progress(line));
    context.defer(() => mesh.close());
    const server = await mesh.start();
    const api = connect(server);
    context.defer(() => api.close());
    const bounds = [
      { incident: kill, mostMs: flags.killMs, mayFail: true },
      { incident: stop, mostMs: flags.hangMs, mayFail: true },
      { incident: killEtcdLeader, mostMs: Number.POSITIVE_INFINITY, mayFail: false },
      { incident: silenceEtcd, mostMs: Number.POSITIVE_INFINITY, mayFail: false },
    ];
    const total: Record<string, number> = { acked: 0 };
    let ok = true;
    for (const { incident, mostMs, mayFail } of bounds) {
      const figures = await during(context, flags, { api, mesh, incident });
      context.progress(incident.name, figures);
      const { acked = 0, recoveryMs: tookMs = 0, failed = 0, ...faults } = figures;
      ok &&= acked > 0 && tookMs <= mostMs && (mayFail || failed === 0);
      ok &&= Object.values(faults).every((count) => count === 0);
      for (const [name, count] of Object.entries({ acked, ...faults }))
        total[name] = (total[name] ?? 0) + count;
      total[`${incident.key}RecoveryMs`] = tookMs;
      if (!mayFail) total[`${incident.key}Failed`] = failed;
    }
    return { ok, figures: total };
  },
};

interface Scene {
  readonly api: Api;
  readonly mesh: MeshStage;
  readonly incident: Incident;
}

/** Posts while something happens; what came of it. */
async function during(
  { signal }: CheckContext,
  { rate, seconds, channels: count, callers }: Readonly<Record<FlagName, number>>,
  { api, mesh, incident }: Scene,
): Promise<Figures> {
  const prefix = incident.name.replace(/[^a-z]+/gi, "-").toLowerCase();
  const channels = await createChannels(api, count, { prefix });
  const ledger = new Ledger();
  const acked: Acked[] = [];
  const sent = new Map<string, number>();
  const textOf = (clientMsgId: string) => {
    sent.set(clientMsgId, performance.now());
    return clientMsgId;
  };
  const note = (posts: readonly Post[]) => {
    const ackedMs = performance.now();
    for (const { clientMsgId } of posts) acked.push({ sentMs: sent.get(clientMsgId) ?? ackedMs, ackedMs });
  };
  let failed = 0;
  const plan = { posts: rate * seconds, callers, batch: 1, channels, rate, textOf, acked: note };
  const settling = { api: async () => api, random: Math.random, halt: signal, failed: () => void failed++ };
  const posting = postAll(plan, ledger, settling);
  posting.catch(() => {});
  await wait(beforeMs, undefined, { signal });
  const happenedMs = performance.now();
  const setRight = await incident.happen(mesh);
  await wait(hangsMs, undefined, { signal });
  await setRight();
  await posting;
  const audit = ledger.audit(await readLogs(api, channels));
  return { ...audit, failed, recoveryMs: recoveryMs(acked, happenedMs) };
}
