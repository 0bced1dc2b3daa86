/**
 * Kinds of processes, in the order in which they end: gateways tell their clients while Envoy still carries
 * what they say, and whatever others write to ends after them.
 */
const kinds = [
  ["gateway"],
  ["envoy"],
  ["web", "admin"],
  ["channel"],
  ["charm"],
  ["jaeger", "cassandra"],
  ["etcd"],
] as const;

/** The kind of a process, as its name says: `channel-2` is a channel server. */
function kindOf(name: string): string {
  return name.replace(/-\d+$/, "");
}

/** Groups of processes that end one after the other; those of a group end at the same time. */
export function endingOrder<Named extends { readonly name: string }>(all: readonly Named[]): Named[][] {
  const known = new Set<string>(kinds.flat());
  const others = all.filter(({ name }) => !known.has(kindOf(name)));
  const groups = kinds.map((group) => all.filter(({ name }) => group.some((kind) => kind === kindOf(name))));
  return [others, ...groups].filter((group) => group.length > 0);
}
