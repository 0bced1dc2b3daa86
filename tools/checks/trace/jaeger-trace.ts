import { z } from "zod";

/** A trace as Jaeger's query API has it: what is looked at of it. */
const answerSchema = z.object({
  data: z
    .array(
      z.object({
        traceID: z.string(),
        spans: z.array(
          z.object({
            spanID: z.string(),
            operationName: z.string(),
            processID: z.string(),
            references: z.array(
              z.object({
                refType: z.enum(["CHILD_OF", "FOLLOWS_FROM"]),
                traceID: z.string(),
                spanID: z.string(),
              }),
            ),
            tags: z.array(z.object({ key: z.string(), value: z.unknown() })),
          }),
        ),
        processes: z.record(
          z.string(),
          z.object({
            serviceName: z.string(),
            tags: z.array(z.object({ key: z.string(), value: z.unknown() })),
          }),
        ),
      }),
    )
    .min(1),
});

/** A span, by what it is and not by its id. */
export interface TraceSpan {
  readonly service: string;
  readonly instance: string;
  readonly name: string;
  /** `server`, `client`, `producer`, `consumer`, or empty. */
  readonly kind: string;
  /** `service: name` of the span that it is under; empty if that is not in the trace. */
  readonly parent: string;
  /** `service: name` of the spans that it is linked to; their ids where they are of other traces. */
  readonly links: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A trace, and at how many gateways it arrived. */
export interface Trace {
  readonly traceId: string;
  readonly spans: readonly TraceSpan[];
  readonly gateways: number;
}

/**
 * Brings the answer of `GET /api/traces/ID` into shape. Where a span has several references Jaeger calls the
 * first one in its own trace the parent; all others are links. @throws ZodError if it is something else
 */
export function readTrace(answer: unknown): Trace {
  const { traceID, spans, processes } = answerSchema.parse(answer).data[0]!;
  const serviceOf = (processId: string) => processes[processId]?.serviceName ?? "";
  const titles = new Map(
    spans.map((span) => [span.spanID, `${serviceOf(span.processID)}: ${span.operationName}`]),
  );
  const read = spans.map(({ operationName, processID, references, tags }): TraceSpan => {
    const parent = references.find(({ refType, traceID: of }) => refType === "CHILD_OF" && of === traceID);
    const links = references.filter((reference) => reference !== parent);
    const attributes = toRecord(tags);
    return {
      service: serviceOf(processID),
      instance: String(toRecord(processes[processID]?.tags ?? [])["service.instance.id"] ?? ""),
      name: operationName,
      kind: String(attributes["span.kind"] ?? ""),
      parent: (parent && titles.get(parent.spanID)) ?? "",
      links: links.map(({ spanID }) => titles.get(spanID) ?? spanID),
      attributes,
    };
  });
  return { traceId: traceID, spans: read, gateways: gatewaysOf(read) };
}

/** How many gateways delivered it. */
function gatewaysOf(spans: readonly TraceSpan[]): number {
  const delivered = spans.filter(({ name }) => name === "deliver clients");
  return new Set(delivered.map(({ instance }) => instance)).size;
}

function toRecord(tags: readonly { readonly key: string; readonly value: unknown }[]) {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}
