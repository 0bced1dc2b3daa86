import type { Trace, TraceSpan } from "./jaeger-trace.js";

/** What a trace of a message must show. */
export interface Demands {
  /** At so many gateways it is delivered. */
  readonly gateways: number;
  /** Value of `db.system.name` at the append. */
  readonly store: string;
  /** Envoy is the edge. */
  readonly hasEdge: boolean;
}

interface Hop {
  readonly service: string;
  readonly name: string;
  readonly kind: string;
}

const method = "confab.v1.Messaging/PostMessages";
const send: Hop = { service: "confab-admin", name: "send channel", kind: "producer" };
/** Every hop of a message that is posted as JSON, from web on; each is under the one before it. */
const chain: readonly Hop[] = [
  { service: "confab-web", name: `POST /${method}`, kind: "server" },
  { service: "confab-web", name: method, kind: "client" },
  { service: "confab-admin", name: method, kind: "server" },
  send,
  { service: "confab-channel", name: "process channel", kind: "consumer" },
];
/** What the owner does, under the last of them. */
const append: Hop = { service: "confab-channel", name: "append log", kind: "client" };
const fanOut: Hop = { service: "confab-channel", name: "send gateways", kind: "producer" };
const delivery: Hop = { service: "confab-gateway", name: "deliver clients", kind: "consumer" };

/** Ids of entities and messages, of traces and spans; ports and addresses. */
const idInName = /[CUWB][0-9A-HJKMNP-TV-Z]{12}|\d{10,}|[0-9a-f]{16,}|:\d{2,}/;

/** What is wrong with a trace of a message, in words; nothing if all is well. */
export function faultsOf(trace: Trace, demands: Demands): string[] {
  const { spans, gateways } = trace;
  const edge = spans.find(({ service }) => service === "confab-edge");
  const below = chain.flatMap((hop, i) => faultsOfHop(spans, hop, chain[i - 1]));
  const owner = [append, fanOut].flatMap((hop) => faultsOfHop(spans, hop, chain.at(-1)));
  return [
    ...(demands.hasEdge && !edge ? ["the edge is not in it"] : []),
    ...(demands.hasEdge && edge ? faultsOfFirst(spans, edge) : []),
    ...below,
    ...owner,
    ...faultsOfStore(spans, demands.store),
    ...faultsOfDeliveries(spans),
    ...(gateways === demands.gateways ? [] : [`delivered at ${gateways} gateways, not ${demands.gateways}`]),
    ...spans.filter(({ name }) => idInName.test(name)).map(({ name }) => `an id is in the name "${name}"`),
  ];
}

function faultsOfHop(spans: readonly TraceSpan[], hop: Hop, above: Hop | undefined): string[] {
  const found = spans.filter(({ service, name, kind }) => isIt({ service, name, kind }, hop));
  if (found.length !== 1) return [`${titleOf(hop)} (${hop.kind}) is there ${found.length} times, not once`];
  const parent = found[0]!.parent;
  if (!above || parent === titleOf(above)) return [];
  return [`${titleOf(hop)} is under "${parent}", not under "${titleOf(above)}"`];
}

/** Whatever the edge has, the first span of web is under something of it. */
function faultsOfFirst(spans: readonly TraceSpan[], edge: TraceSpan): string[] {
  const first = spans.find((span) => isIt(span, chain[0]!));
  if (!first || first.parent.startsWith(`${edge.service}: `)) return [];
  return [`${titleOf(first)} is under "${first.parent}", not under the edge`];
}

function faultsOfStore(spans: readonly TraceSpan[], store: string): string[] {
  const system = spans.find((span) => isIt(span, append))?.attributes["db.system.name"];
  return system === undefined || system === store ? [] : [`the append is to ${system}, not to ${store}`];
}

function faultsOfDeliveries(spans: readonly TraceSpan[]): string[] {
  const deliveries = spans.filter((span) => isIt(span, delivery));
  const instances = deliveries.map(({ instance }) => instance);
  return [
    ...deliveries
      .filter(({ parent }) => parent !== titleOf(fanOut))
      .map(({ parent }) => `a delivery is under "${parent}", not under the fan-out`),
    ...deliveries
      .filter(({ links }) => !links.includes(titleOf(send)))
      .map(({ instance }) => `the delivery of ${instance} is not linked to the creation`),
    ...(new Set(instances).size === instances.length ? [] : ["a gateway has more than one delivery"]),
  ];
}

function isIt(span: Hop, hop: Hop): boolean {
  return span.service === hop.service && span.name === hop.name && span.kind === hop.kind;
}

function titleOf({ service, name }: Pick<Hop, "service" | "name">): string {
  return `${service}: ${name}`;
}
