import { messageId, processing } from "../../lib/tracing/conventions.js";
import type { Span, Tracing } from "../../lib/tracing/tracing.js";
import type { FeedEvent } from "./core/feed.js";
import type { DeliveryTracer } from "./core/tracer.js";

/** Most messages of which it is known that one client's catch-up was traced. */
const caughtUpMax = 1024;

/**
 * Traces sampled messages through one gateway: a span for each of them, however many clients receive it, and
 * one more for the first that catches up on it.
 */
export class GatewayTracer implements DeliveryTracer {
  readonly #caughtUp = new Set<string>();

  constructor(private readonly tracing: Tracing) {}

  delivering(channel: string, event: FeedEvent): () => void {
    const span = this.#start(channel, event, event.traceparent);
    return () => span.end();
  }

  /** The message's trace is over: the delivery begins one of its own, linked to it. */
  caughtUp(channel: string, event: FeedEvent): void {
    const creation = event.creationTraceparent ?? "";
    if (this.#caughtUp.has(creation)) return;
    if (this.#caughtUp.size >= caughtUpMax) this.#caughtUp.clear();
    this.#caughtUp.add(creation);
    this.#start(channel, event, undefined).end();
  }

  #start(channel: string, { id, creationTraceparent }: FeedEvent, parent: string | undefined): Span {
    const { name, attributes } = processing("deliver", "clients", channel);
    const links = creationTraceparent ? [creationTraceparent] : [];
    const options = { kind: "consumer", parent, links } as const;
    return this.tracing.start(name, { ...options, attributes: { ...attributes, ...messageId(id) } });
  }
}
