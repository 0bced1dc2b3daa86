/** What the store does for a command. */
export type StoreStep = "append" | "confirm";

/** Contexts that go to gateways with an event, as `traceparent`s. */
export interface EventContext {
  /** Of the fan-out. */
  readonly traceparent: string;
  /** Of whoever sent the command behind it. */
  readonly creation: string;
}

/** A sampled command on its way through its owner, and then the event that it became; others have none. */
export interface CommandTrace {
  /** `traceparent` of whoever sent the command. */
  readonly creation: string;
  /** The store begins something for it; the result is to be called with how that ended: `ok` or why not. */
  began(step: StoreStep): (outcome: string) => void;
  /** It has its answer: `ok` or the name of the error. */
  answered(code: string): void;
  /** Its event goes to so many gateways at the end of this turn. */
  fannedOut(gateways: number, id: number): EventContext;
}

/** Told of sampled commands only. */
export interface OwnerTracer {
  /** @param traceparent of whoever sent it */
  arrived(traceparent: string, channel: string): CommandTrace;
}

/** All of them begin a step; the result ends it for all. */
export function beganAll(
  traces: readonly CommandTrace[] | undefined,
  step: StoreStep,
): ((outcome: string) => void) | undefined {
  const ends = traces?.map((trace) => trace.began(step));
  return ends && ((outcome) => ends.forEach((end) => void end(outcome)));
}
