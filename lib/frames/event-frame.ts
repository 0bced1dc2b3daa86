import { ServerFrame } from "../../gen/confab/v1/realtime.js";

/** Protobuf's tags of the fields 1 and 2, both with a length before their bytes. */
const tag1 = (1 << 3) | 2;
const tag2 = (2 << 3) | 2;

/**
 * The encoding of a `ServerFrame` that holds one `ChannelEvent`, made around the event's own encoding so
 * that an event is encoded once in its life, and in one piece of memory. Such frames stay valid when
 * concatenated.
 * @param channelId of ASCII characters, as all ids are
 */
export function eventFrame(channelId: string, event: Uint8Array): Uint8Array {
  const idBytes = 1 + varintBytes(channelId.length) + channelId.length;
  const innerBytes = idBytes + 1 + varintBytes(event.length) + event.length;
  const frame = new Uint8Array(1 + varintBytes(innerBytes) + innerBytes);
  let at = putHeader(frame, 0, tag1, innerBytes);
  at = putHeader(frame, at, tag1, channelId.length);
  for (let i = 0; i < channelId.length; i++) frame[at++] = channelId.charCodeAt(i);
  frame.set(event, putHeader(frame, at, tag2, event.length));
  return frame;
}

/** Writes a tag and a length as varint; returns where to go on. */
function putHeader(bytes: Uint8Array, start: number, tag: number, length: number): number {
  let at = start;
  bytes[at++] = tag;
  let rest = length;
  for (; rest > 0x7f; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
  bytes[at++] = rest;
  return at;
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest > 0x7f; rest >>>= 7) bytes++;
  return bytes;
}

/** The encoding of a `ServerFrame` that tells who is typing. */
export function typingFrame(channelId: string, userId: string, parentId: number): Uint8Array {
  const frame = { $case: "typing" as const, value: { channelId, userId, parentId } };
  return ServerFrame.encode({ events: [], frame }).finish();
}
