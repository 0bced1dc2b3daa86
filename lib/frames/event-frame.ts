import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { ServerFrame } from "../../gen/confab/v1/realtime.js";

const lengthDelimited = 2;
const field = (number: number) => (number << 3) | lengthDelimited;

/**
 * The encoding of a `ServerFrame` that holds one `ChannelEvent`, made around the event's own encoding so
 * that an event is encoded once in its life. Such frames stay valid when concatenated.
 */
export function eventFrame(channelId: string, event: Uint8Array): Uint8Array {
  const writer = new BinaryWriter().uint32(field(1)).fork();
  writer.uint32(field(1)).string(channelId);
  writer.uint32(field(2)).bytes(event);
  return writer.join().finish();
}

/** The encoding of a `ServerFrame` that tells who is typing. */
export function typingFrame(channelId: string, userId: string, parentId: number): Uint8Array {
  const frame = { $case: "typing" as const, value: { channelId, userId, parentId } };
  return ServerFrame.encode({ events: [], frame }).finish();
}
