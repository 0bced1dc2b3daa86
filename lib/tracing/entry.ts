import { formatTraceparent, makeTraceId, parseTraceparent } from "./traceparent.js";
import type { CallTrace, NamedSpan, Span, Tracing } from "./tracing.js";

/** How it is decided what is traced. */
export interface Sampling {
  /** Share of the requests without a trace, from 0 to 1. */
  readonly ratio: number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/** The part of tracing that decides: each request once, where it enters the mesh. */
export function entry({ ratio, random }: Sampling, start: Tracing["start"]): Omit<Tracing, "start"> {
  const isChosen = () => ratio > 0 && random() < ratio;
  const serve = (begin: () => NamedSpan, parent: string | undefined, traceId: string | undefined): Span => {
    const { name, attributes } = begin();
    return start(name, { kind: "server", parent, traceId, attributes });
  };
  return {
    enter(traceparent, begin): CallTrace {
      const came = traceparent === undefined ? undefined : parseTraceparent(traceparent);
      const traceId = came?.traceId ?? makeTraceId(32, random);
      if (came ? came.isSampled : isChosen()) {
        const span = serve(begin, came && traceparent, traceId);
        return { traceId, span, onward: span.traceparent };
      }
      const onward = traceparent !== undefined && came ? traceparent : unsampled(traceId, random);
      return { traceId, span: undefined, onward };
    },
    enterSilent: (begin) => (isChosen() ? serve(begin, undefined, undefined) : undefined),
  };
}

function unsampled(traceId: string, random: () => number): string {
  return formatTraceparent({ traceId, spanId: makeTraceId(16, random), isSampled: false });
}

/** Traces nothing: requests keep the trace with which they came, for those that are called on behalf of them. */
export function noTracing(random: () => number): Tracing {
  const start = () => {
    throw new Error("nothing is traced here");
  };
  const { enter, enterSilent } = entry({ ratio: 0, random }, start);
  return {
    start,
    enterSilent,
    enter(traceparent, begin) {
      const came = traceparent === undefined ? undefined : parseTraceparent(traceparent);
      if (!came?.isSampled) return enter(traceparent, begin);
      return { traceId: came.traceId, span: undefined, onward: traceparent! };
    },
  };
}
