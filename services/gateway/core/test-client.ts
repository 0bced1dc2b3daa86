import { GapReason, ServerFrame, UnsubscribedReason } from "../../../gen/confab/v1/realtime.js";
import type { ClientConnection, Format, Session } from "./session.js";

/** A client's connection in tests, which tells in short words what came over it. */
export class TestClient implements ClientConnection {
  session: Session | undefined;
  readonly topics = new Set<string>();
  canJoin = true;
  /** Bytes that the client has not read yet. */
  buffered = 0;
  /** Called when something is sent to it. */
  onSent: (() => void) | undefined;
  closed: { readonly code: number; readonly reason: string } | undefined;
  readonly #frames: (string | Uint8Array)[] = [];

  constructor(readonly format: Format = "json") {}

  send(frame: string | Uint8Array): void {
    this.#frames.push(frame);
    this.onSent?.();
  }

  bufferedBytes(): number {
    return this.buffered;
  }

  join(topic: string): void {
    if (this.canJoin) this.topics.add(topic);
  }

  leave(topic: string): void {
    this.topics.delete(topic);
  }

  close(code: number, reason: string): void {
    this.closed = { code, reason };
  }

  /** What came since it was last asked. */
  frames(): (string | Uint8Array)[] {
    return this.#frames.splice(0);
  }

  /** What came since it was last asked, in words: events by their `seq`, other frames by their names. */
  heard(): string {
    const frames = this.frames().map(decode);
    return frames.flatMap(frameTexts).join(", ");
  }
}

function decode(frame: string | Uint8Array): ServerFrame {
  return typeof frame === "string" ? ServerFrame.fromJSON(JSON.parse(frame)) : ServerFrame.decode(frame);
}

function frameTexts({ events, frame }: ServerFrame): string[] {
  return [...events.map(({ event }) => `${event?.seq}`), ...(frame ? [frameText(frame)] : [])];
}

function frameText(frame: NonNullable<ServerFrame["frame"]>): string {
  switch (frame.$case) {
    case "subscribed":
      return `subscribed behind ${frame.value.position?.seq}`;
    case "unsubscribed":
      return `unsubscribed (${short(UnsubscribedReason[frame.value.reason])})`;
    case "gap":
      return `gap ${frame.value.fromSeq} to ${frame.value.toSeq} (${short(GapReason[frame.value.reason])})`;
    case "error":
      return `error ${frame.value.problem?.code} ${frame.value.problem?.field}`.trim();
    case "typing":
      return `typing ${frame.value.userId}`;
    case "ack": {
      const { requestId, position } = frame.value;
      return position ? `ack ${requestId} at ${position.seq}` : `ack ${requestId}`;
    }
    case "ready":
    case "pong":
      return `${frame.$case} ${frame.value.requestId}`;
    default:
      return frame.$case;
  }
}

const short = (reason: string) => reason.replace(/^[A-Z]+_REASON_/, "");
