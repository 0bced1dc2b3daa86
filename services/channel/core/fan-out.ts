import type { Down } from "../../../gen/confab/mesh/v1/attach.js";
import { deletedBy } from "../../../lib/events/erased.js";
import { typingFrame } from "../../../lib/frames/event-frame.js";
import type { ChannelId, Epoch, Position } from "../../../lib/ids/ids.js";
import { pageBytesMax } from "../../../lib/limits/limits.js";
import type { LinkId } from "./answers.js";
import { changesMembership } from "./membership.js";
import type { RecentEvent } from "./recent.js";

type Item = NonNullable<Down["item"]>;

/** A gateway's stream: the numbers of its channels, and what the next frame will hold. */
interface Attachment {
  readonly aliases: Map<ChannelId, number>;
  nextAlias: number;
  outbox: Down[];
}

/** Knows which gateways want which channel, and gathers what each gets into one frame a turn. */
export class FanOut {
  readonly #links = new Map<LinkId, Attachment>();
  readonly #channels = new Map<ChannelId, Map<LinkId, number>>();

  constructor(
    /** Asks for `takeFrames` at the end of the turn. */
    private readonly flushSoon: () => void,
  ) {}

  opened(link: LinkId): void {
    this.#links.set(link, { aliases: new Map(), nextAlias: 1, outbox: [] });
  }

  closed(link: LinkId): void {
    const attachment = this.#links.get(link);
    this.#links.delete(link);
    for (const channel of attachment?.aliases.keys() ?? []) this.#forget(link, channel);
  }

  /** From here on the gateway gets the channel's events, all above `newest`. */
  attach(link: LinkId, channelId: ChannelId, newest: Position, epoch: Epoch): void {
    const attachment = this.#links.get(link);
    if (!attachment) return;
    const alias = attachment.aliases.get(channelId) ?? attachment.nextAlias++;
    attachment.aliases.set(channelId, alias);
    const links = this.#channels.get(channelId) ?? new Map<LinkId, number>();
    this.#channels.set(channelId, links.set(link, alias));
    this.send(link, { $case: "attached", value: { channelId, newest, epoch } }, alias);
  }

  detach(link: LinkId, channel: ChannelId): void {
    this.#links.get(link)?.aliases.delete(channel);
    this.#forget(link, channel);
  }

  /** Tells all gateways that the channel's owner changes, and forgets them. */
  detachAll(channelId: ChannelId): void {
    for (const link of this.#channels.get(channelId)?.keys() ?? []) {
      this.send(link, { $case: "detached", value: { channelId } });
      this.#links.get(link)?.aliases.delete(channelId);
    }
    this.#channels.delete(channelId);
  }

  publish(channel: ChannelId, events: readonly RecentEvent[]): void {
    const links = this.#channels.get(channel);
    if (!links) return;
    for (const { seq, id, frame, event } of events) {
      const membership = changesMembership(event.kind);
      const deletes = deletedBy(event);
      const item: Item = { $case: "delivery", value: { seq, id, frame, membership, deletes } };
      for (const [link, alias] of links) this.send(link, item, alias);
    }
  }

  typing(channel: ChannelId, afterSeq: number, author: string, parentId: number): void {
    const links = this.#channels.get(channel);
    if (!links) return;
    const frame = typingFrame(channel, author, parentId);
    const item: Item = { $case: "transient", value: { afterSeq, frame, author } };
    for (const [link, alias] of links) this.send(link, item, alias);
  }

  /** Says again what the newest event is, for gateways that lost the last one. */
  repeat(channel: ChannelId, newest: Position): void {
    const item: Item = { $case: "newest", value: newest };
    for (const [link, alias] of this.#channels.get(channel) ?? []) this.send(link, item, alias);
  }

  send(link: LinkId, item: Item, alias = 0): void {
    const attachment = this.#links.get(link);
    if (!attachment) return;
    attachment.outbox.push({ alias, item });
    this.flushSoon();
  }

  /** What each gateway gets now: one frame, unless that would be too large. */
  takeFrames(): { link: LinkId; items: Down[] }[] {
    const frames: { link: LinkId; items: Down[] }[] = [];
    for (const [link, attachment] of this.#links) {
      if (attachment.outbox.length === 0) continue;
      frames.push(...parted(attachment.outbox).map((items) => ({ link, items })));
      attachment.outbox = [];
    }
    return frames;
  }

  #forget(link: LinkId, channel: ChannelId): void {
    const links = this.#channels.get(channel);
    links?.delete(link);
    if (links?.size === 0) this.#channels.delete(channel);
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
