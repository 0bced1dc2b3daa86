import type { Condition, Coordinator, Transaction } from "../../lib/coordination/coordinator.js";
import { fencePrefix, memberPrefix } from "../../lib/ring/keys.js";
import { parseMember } from "../../lib/ring/records.js";

/**
 * What ends the wishes for fences that stand. The entry of the fenced life goes as well: its server, should
 * it live, learns from that at once that it is to begin another one.
 */
export async function endedRequests(
  coordinator: Pick<Coordinator, "read">,
  asked: ReadonlySet<string>,
  fenced: ReadonlySet<string>,
): Promise<Transaction[]> {
  const standing = [...asked].filter((incarnation) => fenced.has(incarnation));
  if (standing.length === 0) return [];
  const members = await coordinator.read(memberPrefix);
  return standing.map((incarnation) => {
    const entry = members.find((one) => parseMember(one)?.incarnation === incarnation);
    const when: Condition[] = entry ? [{ key: entry.key, revision: entry.revision }] : [];
    return { when, remove: [fencePrefix + incarnation, ...(entry ? [entry.key] : [])] };
  });
}
