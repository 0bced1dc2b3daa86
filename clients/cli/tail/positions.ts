import type { Position, Seq } from "../../../lib/ids/ids.js";

/** What to do with an event: show it, drop it as seen, or fetch what is missing before it. */
export type Verdict = "next" | "seen" | "early";

/** How far each channel has been shown. Channels without a position begin where the server says. */
export class Positions {
  readonly #shown = new Map<string, Position | undefined>();

  constructor(channelIds: readonly string[], from: Position | undefined) {
    for (const id of channelIds) this.#shown.set(id, from);
  }

  /** What to subscribe to, and from where. */
  wanted(): { channelId: string; position: Position | undefined }[] {
    return [...this.#shown].map(([channelId, position]) => ({ channelId, position }));
  }

  /** The channel's delivery begins behind this position. */
  begin(channelId: string, at: Position): void {
    if (this.#shown.has(channelId)) this.#shown.set(channelId, this.#shown.get(channelId) ?? at);
  }

  /** The last `seq` that was shown or skipped, 0 if none was. */
  seq(channelId: string): Seq {
    return this.#shown.get(channelId)?.seq ?? 0;
  }

  /** What to do with an event of the channel. */
  judge(channelId: string, seq: Seq): Verdict {
    if (!this.#shown.has(channelId)) return "seen";
    const shown = this.#shown.get(channelId)?.seq ?? seq - 1;
    if (seq <= shown) return "seen";
    return seq === shown + 1 ? "next" : "early";
  }

  /** Everything up to this position was shown, or will never come. */
  advance(channelId: string, to: Position): void {
    if (this.#shown.has(channelId) && to.seq >= this.seq(channelId)) this.#shown.set(channelId, to);
  }

  /** The channel is not followed any more; tells whether others are. */
  remove(channelId: string): boolean {
    this.#shown.delete(channelId);
    return this.#shown.size > 0;
  }
}
