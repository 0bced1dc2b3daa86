import type { Event, Position } from "../../../gen/confab/v1/types.js";
import type { ChannelId, UserId } from "../../../lib/ids/ids.js";
import { seen } from "./recorder.js";
import type { Stage } from "./stage.js";

/** Refusals after which a client may ask again. */
const passing = new Set(["unavailable", "not_owner", "overloaded", "deadline_exceeded"]);

/** A channel as one client has it, over all its connections. */
export class ClientChannel {
  state: "none" | "asking" | "subscribed" | "leaving" | "refused" = "none";
  private requests = 0;

  /** @param position last event that the client has; undefined: it has none and wants only what comes */
  constructor(
    private readonly stage: Stage,
    readonly id: ChannelId,
    private readonly user: UserId,
    private position: Position | undefined,
    /** Whether the user is a member: if not, it must get nothing. */
    private readonly isMember: boolean,
  ) {}

  get isSubscribed(): boolean {
    return this.state === "subscribed";
  }

  /** Newest `seq` that the client has. */
  get seq(): number {
    return this.position?.seq ?? 0;
  }

  /** Whether it is subscribed and has all up to this `seq`, if it may have anything. */
  hasAll(newest: number): boolean {
    if (!this.isMember) return true;
    return this.isSubscribed && this.seq >= newest;
  }

  /** A number for the next request. */
  request(): number {
    return ++this.requests;
  }

  /** What to ask for on a connection. */
  subscribe(conn: string): { channelId: ChannelId; position?: Position } {
    const { position, id } = this;
    this.state = "asking";
    if (position && position.seq > 0) this.stage.world.coverage.hit("client.resumed");
    this.note({ type: "subscribe", conn, channel: id, ...(position && { seq: position.seq }) });
    return { channelId: id, ...(position && { position }) };
  }

  /** Somebody else asked for it. */
  begin(): void {
    this.state = "asking";
  }

  unsubscribing(): void {
    this.state = "leaving";
  }

  subscribed(conn: string, position: Position | undefined): void {
    if (!this.isMember) this.complain("G6", `${conn} of ${this.user} was let in, who is no member`);
    const begin = position ?? { seq: 0, id: 0 };
    if (this.state === "asking") this.state = "subscribed";
    this.position ??= begin;
    this.note({ type: "subscribed", conn, channel: this.id, seq: begin.seq });
  }

  unsubscribed(conn: string): void {
    this.state = "none";
    this.stage.world.coverage.hit("client.unsubscribed");
    this.note({ type: "unsubscribed", conn, channel: this.id });
  }

  deliver(conn: string, event: Event): void {
    this.note({ type: "deliver", conn, channel: this.id, event: seen(event) });
    if (event.seq > this.seq) this.position = { seq: event.seq, id: event.id };
    else this.stage.world.coverage.hit("client.got_twice");
  }

  gap(conn: string, from: number, to: number): void {
    this.stage.world.coverage.hit("client.gap");
    this.note({ type: "gap", conn, channel: this.id, from, to });
    if (to > this.seq) this.position = { seq: to, id: 0 };
  }

  /** A typer names the newest event that it has as the thread, so that the order shows. */
  typing(conn: string, after: number): void {
    this.stage.world.coverage.hit("client.saw_typing");
    this.note({ type: "transient", conn, channel: this.id, kind: "typing", after });
  }

  refused(conn: string, code: string): void {
    this.state = this.isMember ? "none" : "refused";
    this.stage.world.coverage.hit("client.refused");
    if (passing.has(code) || (!this.isMember && code === "not_in_channel")) return;
    this.complain("G3", `${conn} of ${this.user} was refused: ${code} (it has seq ${this.seq})`);
  }

  /** The user is no member any more: what it was asked for is asked for no longer. */
  expelled(conn: string): void {
    this.state = "none";
    this.note({ type: "subscribe", conn, channel: this.id });
  }

  disconnected(): void {
    this.state = "none";
  }

  private complain(promise: string, what: string): void {
    this.stage.recorder.complain(promise, this.id, what);
  }

  private note(record: Parameters<Stage["recorder"]["note"]>[0]): void {
    this.stage.recorder.note(record);
  }
}
