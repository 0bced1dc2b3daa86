import type { ChannelId } from "../../lib/ids/ids.js";
import { NotWritten } from "../../lib/store/log-store.js";

/**
 * Which incarnations have writes to a channel's log or bucket map in flight: sent and not answered, or
 * answered without telling what became of them. The next success clears doubts of the channel, as owners
 * write one thing at a time and repeat what is in doubt.
 */
export class WriteLedger {
  private readonly known = new Set<ChannelId>();
  private readonly open = new Map<string, { sent: number; inDoubt: boolean }>();
  /** Told of every write as it is sent. */
  sent: (incarnation: string, channel: string) => void = () => {};

  async during<Result>(incarnation: string, channel: ChannelId, write: Promise<Result>): Promise<Result> {
    this.known.add(channel);
    this.sent(incarnation, channel);
    const key = `${incarnation} ${channel}`;
    const entry = this.open.get(key) ?? { sent: 0, inDoubt: false };
    this.open.set(key, entry);
    entry.sent++;
    try {
      const result = await write;
      entry.inDoubt = false;
      return result;
    } catch (error) {
      if (!(error instanceof NotWritten)) entry.inDoubt = true;
      throw error;
    } finally {
      entry.sent--;
      if (entry.sent === 0 && !entry.inDoubt) this.open.delete(key);
    }
  }

  /** Channels that anybody wrote to. */
  get channels(): readonly ChannelId[] {
    return [...this.known];
  }

  /** Channels to which the incarnation has writes in flight. */
  inFlight(incarnation: string): string[] {
    const mine = [...this.open.keys()].filter((key) => key.startsWith(`${incarnation} `));
    return mine.map((key) => key.slice(incarnation.length + 1));
  }
}
