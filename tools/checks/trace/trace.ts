import { type Client, connect } from "../../../clients/sdk/node.js";
import type { Check, CheckContext } from "../check.js";
import { faultsOf } from "./demands.js";
import { findTrace } from "./find-trace.js";
import type { Trace } from "./jaeger-trace.js";
import { followByStreams } from "./stream-followers.js";
import { type TracedSystem, targets } from "./targets.js";

const gateways = 2;

/**
 * A message is one trace, from the edge to every gateway that delivers it: who called whom is read back from
 * Jaeger (G12).
 */
export const trace: Check<"followers"> = {
  name: "trace",
  about: "posts a message that is traced and reads from Jaeger what became of it, hop by hop",
  flags: {
    followers: { standard: 8, about: "how many clients follow over sockets, and how many over gRPC" },
  },
  choices: {
    target: { standard: "mesh", words: Object.keys(targets), about: "which servers" },
  },
  async run(context, { followers }) {
    const start = targets[context.chosen.target ?? ""];
    if (!start) throw new Error(`there is no target ${context.chosen.target}`);
    const system = await start(context);
    const traceId = await postTraced(context, system, followers);
    context.progress("posted");
    const demands = { gateways, store: system.store, hasEdge: system.hasEdge };
    const isComplete = (found: Trace) => faultsOf(found, demands).length === 0;
    const found = await findTrace(system.jaeger, traceId, isComplete);
    if (!found) throw new Error(`Jaeger does not know the trace ${traceId}`);
    const faults = faultsOf(found, demands);
    for (const fault of faults) context.progress(`fault: ${fault}`);
    const details = { traceId, spans: found.spans.map(shown), target: context.chosen.target };
    return { ok: faults.length === 0, figures: { gateways: found.gateways, faults: faults.length }, details };
  },
};

/** Posts a message to those who follow; resolves with the id of its trace, once all of them have it. */
async function postTraced({ defer }: CheckContext, system: TracedSystem, followers: number): Promise<string> {
  const open = (): Client => {
    const client = connect({ url: system.url, token: system.token, ...(system.ca && { ca: system.ca }) });
    defer(() => client.close());
    return client;
  };
  const [poster, ...others] = Array.from({ length: followers + 1 }, open);
  const received = others.map(async (client) => {
    const subscription = client.subscribe("general");
    await subscription.ready;
    return { first: subscription[Symbol.asyncIterator]().next() };
  });
  const streams = await followByStreams(system, followers, defer);
  const ready = await Promise.all(received);
  let traceId = "";
  await poster!.post("general", {
    text: "follow me",
    trace: (id) => {
      traceId = id;
    },
  });
  await Promise.all([...ready, ...streams].map(({ first }) => first));
  return traceId;
}

function shown({ service, name, kind, parent, links }: Trace["spans"][number]) {
  return { service, name, kind, parent, links };
}
