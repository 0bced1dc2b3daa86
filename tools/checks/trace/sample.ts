type Reference = { refType: "CHILD_OF" | "FOLLOWS_FROM"; traceID: string; spanID: string };

const traceID = "98db64d26119761c725fab171be17a11";
const method = "confab.v1.Messaging/PostMessages";

/** Service, instance, name, kind, number of the parent and of what is linked, of each span by its number. */
const rows: readonly (readonly [string, string, string, string, number, number])[] = [
  ["confab-edge", "edge", "json call", "server", -1, -1],
  ["confab-web", "web-1", `POST /${method}`, "server", 0, -1],
  ["confab-web", "web-1", method, "client", 1, -1],
  ["confab-admin", "admin-1", method, "server", 2, -1],
  ["confab-admin", "admin-1", "send channel", "producer", 3, -1],
  ["confab-channel", "channel-1", "process channel", "consumer", 4, -1],
  ["confab-channel", "channel-1", "append log", "client", 5, -1],
  ["confab-channel", "channel-1", "confirm fenced", "client", 5, -1],
  ["confab-channel", "channel-1", "send gateways", "producer", 5, -1],
  ["confab-gateway", "gateway-1", "deliver clients", "consumer", 8, 4],
  ["confab-gateway", "gateway-2", "deliver clients", "consumer", 8, 4],
];

/** A message's trace as Jaeger answers, for tests; each row may be changed, or left out by `undefined`. */
export function jaegerAnswer(
  change: (row: (typeof rows)[number], number: number) => (typeof rows)[number] | undefined = (row) => row,
): object {
  const changed = rows.map(change);
  const reference = (number: number, refType: Reference["refType"]): Reference[] =>
    number < 0 ? [] : [{ refType, traceID, spanID: `span-${number}` }];
  const spans = changed.flatMap((row, number) => {
    if (!row) return [];
    const [, , operationName, kind, parent, link] = row;
    const tags = [{ key: "span.kind", type: "string", value: kind }];
    if (operationName === "append log")
      tags.push({ key: "db.system.name", type: "string", value: "cassandra" });
    const references = [...reference(parent, "CHILD_OF"), ...reference(link, "FOLLOWS_FROM")];
    return [{ traceID, spanID: `span-${number}`, operationName, processID: `p${number}`, references, tags }];
  });
  const processes = changed.flatMap((row, number) => {
    if (!row) return [];
    const tags = [{ key: "service.instance.id", type: "string", value: row[1] }];
    return [[`p${number}`, { serviceName: row[0], tags }] as const];
  });
  return { data: [{ traceID, spans, processes: Object.fromEntries(processes) }], errors: null };
}
