import { type Gap, GapReason } from "../../../gen/confab/v1/realtime.js";
import type { Event } from "../../../gen/confab/v1/types.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { Seq } from "../../../lib/ids/ids.js";
import { pageEventsMax } from "../../../lib/limits/limits.js";
import type { Connection } from "../server/connection.js";
import type { PatienceParts } from "../server/patience.js";
import type { Positions } from "./positions.js";

/** What following takes. */
export interface EventOrderParts extends PatienceParts {
  readonly connection: Pick<Connection, "api" | "call" | "close">;
  readonly positions: Positions;
  /** Takes each event once, in the order of its channel. */
  readonly show: (channelId: string, event: Event) => Promise<void>;
  /** Tells what happens besides. */
  readonly say: (words: string) => void;
  /** How a channel is called. */
  readonly titleOf: (channelId: string) => string;
}

/** Shows the events of each channel once and in order: drops what was shown, fetches what is missing. */
export class EventOrder {
  constructor(private readonly parts: EventOrderParts) {}

  /** An event came from the gateway. */
  async received(channelId: string, event: Event): Promise<void> {
    const { positions } = this.parts;
    if (positions.judge(channelId, event.seq) === "early") await this.#fetch(channelId, event.seq - 1);
    await this.#show(channelId, event);
  }

  /** The gateway will not send these events. */
  async gap({ channelId, fromSeq, toSeq, reason }: Gap): Promise<void> {
    const { positions, say, titleOf } = this.parts;
    if (reason === GapReason.GAP_REASON_TOO_FAR_BEHIND) return this.#fetch(channelId, toSeq);
    const why = reason === GapReason.GAP_REASON_EXPIRED ? "are gone" : "are not yours to read";
    say(`confab: events ${fromSeq} to ${toSeq} of ${titleOf(channelId)} ${why}`);
    positions.advance(channelId, { seq: toSeq, id: 0 });
  }

  /** Shows everything up to a `seq`, and what its last page brings besides. */
  async #fetch(channelId: string, toSeq: Seq): Promise<void> {
    const { connection, positions, stop } = this.parts;
    for (let afterSeq = positions.seq(channelId); afterSeq < toSeq; afterSeq = positions.seq(channelId)) {
      const request = { channelId, afterSeq, limit: pageEventsMax };
      const { events } = await connection.call(({ messaging }) => messaging.listEvents(request));
      if (events.length === 0) throw new ConfabError("unavailable", "", `no events after ${afterSeq} yet`);
      for (const event of events) await this.#show(channelId, event);
      if (stop.aborted) return;
    }
  }

  async #show(channelId: string, event: Event): Promise<void> {
    const { positions, show, stop } = this.parts;
    if (stop.aborted || positions.judge(channelId, event.seq) === "seen") return;
    positions.advance(channelId, { seq: event.seq, id: event.id });
    await show(channelId, event);
  }
}
