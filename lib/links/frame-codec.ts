import { type Down, DownFrame, type Up, UpFrame } from "../../gen/confab/mesh/v1/attach.js";
import { Heartbeat, HeartbeatAnswer } from "../../gen/confab/mesh/v1/ring.js";
import { type Command, CommandFrame, type Result, ResultFrame } from "../../gen/confab/mesh/v1/write.js";
import type { StreamName, Streams } from "./links.js";

/** A frame of which one item alone is larger than a message may be. */
export class FrameTooLarge extends Error {}

/** Turns frames into messages and back. */
export interface FrameCodec<Frame> {
  /**
   * Almost always one message; several if it would be larger than so many bytes.
   *
   * @throws FrameTooLarge
   */
  encode(frame: Frame, bytesMax: number): Uint8Array[];
  /** @throws if the bytes are none */
  decode(bytes: Uint8Array): Frame;
}

/** How a frame is taken apart. */
interface Anatomy<Frame, Item> {
  readonly items: (frame: Frame) => Item[];
  readonly frame: (items: Item[]) => Frame;
  /** Items of one key stay in one message as far as possible. */
  readonly key?: (item: Item) => string;
}

interface Message<Frame> {
  encode(frame: Frame): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Frame;
}

/** Codecs of both directions of all streams. */
export const frameCodecs: {
  readonly [Name in StreamName]: {
    readonly up: FrameCodec<Streams[Name]["up"]>;
    readonly down: FrameCodec<Streams[Name]["down"]>;
  };
} = {
  commands: {
    // Their sender counts on it that of two commands to one channel no owner takes the later one only.
    up: codecOf<CommandFrame, Command>(CommandFrame, {
      items: ({ commands }) => commands,
      frame: (commands) => ({ commands }),
      key: ({ channelId }) => channelId,
    }),
    down: codecOf<ResultFrame, Result>(ResultFrame, {
      items: ({ results }) => results,
      frame: (results) => ({ results }),
    }),
  },
  attach: {
    up: codecOf<UpFrame, Up>(UpFrame, { items: ({ items }) => items, frame: (items) => ({ items }) }),
    down: codecOf<DownFrame, Down>(
      { encode: DownFrame.encode, decode: (bytes) => withOwnBytes(DownFrame.decode(bytes)) },
      { items: ({ items }) => items, frame: (items) => ({ items }) },
    ),
  },
  beat: { up: wholeCodecOf<Heartbeat>(Heartbeat), down: wholeCodecOf<HeartbeatAnswer>(HeartbeatAnswer) },
};

/** Of frames that are always small. */
function wholeCodecOf<Frame>(message: Message<Frame>): FrameCodec<Frame> {
  return {
    encode: (frame) => [message.encode(frame).finish()],
    decode: (bytes) => message.decode(bytes),
  };
}

function codecOf<Frame, Item>(message: Message<Frame>, anatomy: Anatomy<Frame, Item>): FrameCodec<Frame> {
  const encode = (frame: Frame, bytesMax: number): Uint8Array[] => {
    const whole = message.encode(frame).finish();
    if (whole.byteLength <= bytesMax) return [whole];
    const items = anatomy.items(frame);
    if (items.length < 2) throw new FrameTooLarge(`an item of ${whole.byteLength} bytes`);
    return halve(items, anatomy.key).flatMap((half) => encode(anatomy.frame(half), bytesMax));
  };
  return { encode, decode: (bytes) => message.decode(bytes) };
}

/** Gateways keep single events: none may keep the whole message in memory of which it was a part. */
function withOwnBytes(frame: DownFrame): DownFrame {
  for (const { item } of frame.items) {
    if (item?.$case === "delivery" || item?.$case === "transient") {
      item.value.frame = new Uint8Array(item.value.frame);
    } else if (item?.$case === "fetched") {
      for (const event of item.value.events) event.frame = new Uint8Array(event.frame);
    }
  }
  return frame;
}

/** Cuts in the middle, or with keys where one ends that is nearest to it. A key's items keep their order. */
function halve<Item>(items: Item[], key: ((item: Item) => string) | undefined): [Item[], Item[]] {
  const middle = items.length >> 1;
  if (!key) return [items.slice(0, middle), items.slice(middle)];
  const sorted = byKey(items, key);
  const isBorder = (at: number) => at > 0 && at < items.length && key(sorted[at - 1]!) !== key(sorted[at]!);
  let distance = 0;
  while (distance < middle && !isBorder(middle - distance) && !isBorder(middle + distance)) distance++;
  const nearest = [middle - distance, middle + distance].find(isBorder) ?? middle;
  return [sorted.slice(0, nearest), sorted.slice(nearest)];
}

function byKey<Item>(items: readonly Item[], key: (item: Item) => string): Item[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()].flat();
}
