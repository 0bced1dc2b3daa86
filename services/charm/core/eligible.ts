import type { Member } from "../../../gen/confab/mesh/v1/ring.js";

/**
 * The members among which slots are shared out: those that neither leave nor are drained. Where there are
 * none, drained ones serve rather than nobody, and last those that leave, as long as they are there.
 */
export function eligible(members: readonly Member[], drains: ReadonlySet<string>): Member[] {
  const staying = members.filter(({ leaving }) => !leaving);
  const free = staying.filter(({ memberId }) => !drains.has(memberId));
  if (free.length > 0) return free;
  return staying.length > 0 ? staying : [...members];
}
