/** The parts of a `traceparent` (https://www.w3.org/TR/trace-context/#traceparent-header). */
export interface TraceparentParts {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whoever sent it keeps the trace. */
  readonly isSampled: boolean;
}

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Undefined if the text is no `traceparent`: whoever gets such a one begins anew. */
export function parseTraceparent(text: string): TraceparentParts | undefined {
  const [, version, traceId, spanId, flags, more] = form.exec(text) ?? [];
  if (!version || !traceId || !spanId || !flags) return undefined;
  // Of later versions only the first four fields are known; the first version has no others.
  if (version === "ff" || (version === "00" && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Of the first version, without flags that are not known here. */
export function formatTraceparent({ traceId, spanId, isSampled }: TraceparentParts): string {
  return `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;
}

/** A new id of so many hexadecimal digits (a multiple of 8), never all zeros. */
export function makeTraceId(digits: 16 | 32, random: () => number): string {
  let id = "";
  while (id.length < digits) {
    id += Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  }
  return /[1-9a-f]/.test(id) ? id : `${id.slice(1)}1`;
}
