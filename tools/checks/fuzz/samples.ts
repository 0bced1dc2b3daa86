import { ClientFrame } from "../../../gen/confab/v1/realtime.js";
import { makeId } from "../../../lib/ids/ids.js";
import type { Random } from "../../../tests/sim/random.js";

/** Things that frames and requests may speak of. */
export interface Subjects {
  readonly channels: readonly string[];
  readonly users: readonly string[];
}

const numbers = [0, 1, 2, 3, 1000, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER];
const texts = ["", "x", "hello", "grüße 🎉", "a\0b", "x".repeat(5000)];

/** A frame as the contract has it, in JSON. */
export function sampleFrame(random: Random, { channels, users }: Subjects): Record<string, unknown> {
  // Now and then one that nobody has ever asked for.
  const channelId = random.chance(0.3) ? makeId("C", random.fraction) : random.pick(channels);
  const number = () => random.pick(numbers);
  const position = () => ({ seq: number(), id: number() });
  const message = { text: random.pick(texts), clientMsgId: random.pick(texts), parentId: number() };
  const kinds: readonly (() => Record<string, unknown>)[] = [
    () => ({ subscribe: { channels: [{ channelId }] } }),
    () => ({ subscribe: { channels: [{ channelId, position: position() }] } }),
    () => ({ subscribe: { channels: channels.map((id) => ({ channelId: id, position: position() })) } }),
    () => ({ unsubscribe: { channelIds: [channelId, random.pick(channels)] } }),
    () => ({ typing: { channelId, parentId: number() } }),
    () => ({ ping: {} }),
    () => ({ post: { channelId, message, firstAttempt: random.chance(0.5) } }),
    () => ({ react: { channelId, messageId: number(), emoji: random.pick(texts) } }),
    () => ({ mark: { channelId, seq: number() } }),
    () => ({ watchPresence: { userIds: users } }),
  ];
  return { requestId: number(), ...random.pick(kinds)() };
}

/** A frame in Protobuf. */
export function encodeSample(frame: Record<string, unknown>): Buffer {
  return Buffer.from(ClientFrame.encode(ClientFrame.fromJSON(frame)).finish());
}
