/** How many slots there are: fixed equal arcs of the ring (Dynamo, SOSP 2007, §6.2, strategy 3). */
export const slotCount = 4096;

/**
 * The slot of a channel: a fixed 32-bit hash of its id, FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/)
 * with the finalizer of MurmurHash3 (https://github.com/aappleby/smhasher): all bits depend on all
 * characters.
 */
export function slotOf(channel: string): number {
  return hash32(channel) % slotCount;
}

/** A fixed 32-bit hash of the UTF-16 code units of a text. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
