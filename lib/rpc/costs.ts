import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { MessagingService } from "../../gen/confab/v1/messaging.js";
import { postsPerCallMax } from "../limits/limits.js";

/** What a call costs its caller, told from the encoded request: it is decoded only if it may be made. */
type Cost = (request: Uint8Array) => number;

/** Number of the field `messages` of `PostMessagesRequest`. */
const messagesField = 2;

/** Costs of the methods that cost more than 1. */
const costs: ReadonlyMap<string, Cost> = new Map([
  [
    MessagingService.postMessages.path,
    (request) => Math.min(countOf(messagesField, request), postsPerCallMax),
  ],
]);

/** What a call takes from the buckets of its caller: 1, or the number of its messages. */
export function costOf(path: string, request: Uint8Array): number {
  return Math.max(1, costs.get(path)?.(request) ?? 1);
}

/** How often a field occurs. What is no encoding counts as far as it can be read; decoding refuses it. */
function countOf(field: number, bytes: Uint8Array): number {
  const reader = new BinaryReader(bytes);
  let count = 0;
  try {
    while (reader.pos < reader.len) {
      const [number, type] = reader.tag();
      if (number === field && type === WireType.LengthDelimited) count++;
      reader.skip(type, number);
    }
  } catch {
    return count;
  }
  return count;
}
