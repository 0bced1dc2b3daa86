import type { Down } from "../../../gen/confab/mesh/v1/attach.js";
import { deletedBy } from "../../../lib/events/erased.js";
import { typingFrame } from "../../../lib/frames/event-frame.js";
import type { ChannelId, Epoch, EventId, Position } from "../../../lib/ids/ids.js";
import { pageBytesMax } from "../../../lib/limits/limits.js";
import { type LinkId, refusal } from "./answers.js";
import { Attachments } from "./attachments.js";
import { changesMembership } from "./membership.js";
import type { RecentEvent } from "./recent.js";
import type { CommandTrace } from "./tracer.js";

type Item = NonNullable<Down["item"]>;

/** Most attachments of closed links that are let go in one turn. */
const releasedPerTurnMax = 5000;

/** A gateway's stream: its number, and what the next frame will hold. */
interface Stream {
  readonly link: LinkId;
  readonly index: number;
  nextAlias: number;
  outbox: Down[];
}

/**
 * Knows which gateways want which channel, and gathers what each gets into one frame a turn. An alias is
 * never given twice on a stream, so that nothing late can be taken for another channel's.
 */
export class FanOut {
  readonly #streams = new Map<LinkId, Stream>();
  /** Streams by their numbers in the table; closed ones are gone. */
  readonly #byIndex: (Stream | undefined)[] = [];

  constructor(
    /** Asks for `takeFrames` at the end of the turn. */
    private readonly flushSoon: () => void,
    private readonly attachments = new Attachments(),
    private readonly aliasMax = 2 ** 32 - 1,
  ) {}

  opened(link: LinkId): void {
    const index = this.attachments.openLink();
    const stream = { link, index, nextAlias: 1, outbox: [] };
    this.#streams.set(link, stream);
    this.#byIndex[index] = stream;
  }

  closed(link: LinkId): void {
    const stream = this.#streams.get(link);
    if (!stream) return;
    this.#streams.delete(link);
    this.#byIndex[stream.index] = undefined;
    this.attachments.closeLink(stream.index);
    this.flushSoon();
  }

  /** From here on the gateway gets the channel's events, all above `newest`. */
  attach(link: LinkId, channelId: ChannelId, newest: Position, epoch: Epoch): void {
    const stream = this.#streams.get(link);
    if (!stream) return;
    const alias = this.attachments.aliasOf(stream.index, channelId) || this.#add(stream, channelId);
    if (alias === 0) {
      const value = { channelId, refusal: refusal("overloaded"), userId: "" };
      return this.send(link, { $case: "refused", value });
    }
    this.send(link, { $case: "attached", value: { channelId, newest, epoch } }, alias);
  }

  detach(link: LinkId, channel: ChannelId): void {
    const stream = this.#streams.get(link);
    if (stream) this.attachments.remove(stream.index, channel);
  }

  /** Tells all gateways that the slot's owner changes, and forgets what they attached of it. */
  detachSlot(slot: number): void {
    this.attachments.takeSlot(slot, (index, channelId) => {
      const stream = this.#byIndex[index];
      if (stream) this.send(stream.link, { $case: "detached", value: { channelId } });
    });
  }

  publish(channel: ChannelId, events: readonly RecentEvent[]): void {
    for (const { seq, id, frame, event, trace } of events) {
      const membership = changesMembership(event.kind);
      const deletes = deletedBy(event);
      const delivery = { seq, id, frame, membership, deletes };
      const value = trace ? { ...delivery, ...this.#contextOf(channel, id, trace) } : delivery;
      this.#sendAll(channel, { $case: "delivery", value });
    }
  }

  typing(channel: ChannelId, afterSeq: number, author: string, parentId: number): void {
    const frame = typingFrame(channel, author, parentId);
    this.#sendAll(channel, { $case: "transient", value: { afterSeq, frame, author } });
  }

  /** Says again what the newest event is, for gateways that lost the last one. */
  repeat(channel: ChannelId, newest: Position): void {
    this.#sendAll(channel, { $case: "newest", value: newest });
  }

  send(link: LinkId, item: Item, alias = 0): void {
    const stream = this.#streams.get(link);
    if (!stream) return;
    stream.outbox.push({ alias, item });
    this.flushSoon();
  }

  /** What each gateway gets now: one frame, unless that would be too large. */
  takeFrames(): { link: LinkId; items: Down[] }[] {
    if (this.attachments.releaseSome(releasedPerTurnMax)) this.flushSoon();
    const frames: { link: LinkId; items: Down[] }[] = [];
    for (const [link, stream] of this.#streams) {
      if (stream.outbox.length === 0) continue;
      frames.push(...parted(stream.outbox).map((items) => ({ link, items })));
      stream.outbox = [];
    }
    return frames;
  }

  /** Gives the channel an alias on the stream; 0 if there is no room. With no alias left all begin anew. */
  #add(stream: Stream, channel: ChannelId): number {
    const { link, index } = stream;
    if (stream.nextAlias > this.aliasMax) {
      this.attachments.takeLink(index, (channelId) =>
        this.send(link, { $case: "detached", value: { channelId } }),
      );
      stream.nextAlias = 1;
    }
    return this.attachments.add(index, channel, stream.nextAlias) ? stream.nextAlias++ : 0;
  }

  #contextOf(channel: ChannelId, id: EventId, trace: CommandTrace) {
    let gateways = 0;
    this.attachments.forEach(channel, () => gateways++);
    const { traceparent, creation } = trace.fannedOut(gateways, id);
    return { traceparent, creationTraceparent: creation };
  }

  #sendAll(channel: ChannelId, item: Item): void {
    this.attachments.forEach(channel, (index, alias) => {
      const stream = this.#byIndex[index];
      if (stream) this.send(stream.link, item, alias);
    });
  }
}

/** The items in their order, a new part begun behind the one that makes the events of a part enough. */
function parted(items: Down[]): Down[][] {
  const parts: Down[][] = [];
  let [start, bytes] = [0, 0];
  for (const [at, item] of items.entries()) {
    bytes += bytesOf(item);
    if (bytes < pageBytesMax) continue;
    parts.push(items.slice(start, at + 1));
    [start, bytes] = [at + 1, 0];
  }
  if (start === 0) return [items];
  return start < items.length ? [...parts, items.slice(start)] : parts;
}

/** Bytes of the events that an item holds. */
function bytesOf({ item }: Down): number {
  if (item?.$case === "delivery") return item.value.frame.byteLength;
  if (item?.$case !== "fetched") return 0;
  return item.value.events.reduce((sum, { frame }) => sum + frame.byteLength, 0);
}
