import { Member, OwnerRecord } from "../../gen/confab/mesh/v1/ring.js";
import type { Entry } from "../coordination/coordinator.js";
import { memberKey, memberPrefix, slotKey, slotOfKey } from "./keys.js";

/** What is written to say who owns a slot. */
export function ownerEntry(record: OwnerRecord): { key: string; value: string } {
  return { key: slotKey(record.slot), value: JSON.stringify(OwnerRecord.toJSON(record)) };
}

/** What is written to say that a member is there. */
export function memberEntry(member: Omit<Member, "leaving"> & Partial<Member>): {
  key: string;
  value: string;
} {
  const value = Member.toJSON({ leaving: false, ...member });
  return { key: memberKey(member.memberId), value: JSON.stringify(value) };
}

/** The owner record that an entry holds, or undefined if it is not the one of its key or makes no sense. */
export function parseOwner({ key, value }: Pick<Entry, "key" | "value">): OwnerRecord | undefined {
  const record = parseJson(value, OwnerRecord.fromJSON);
  if (!record || record.slot !== slotOfKey(key)) return undefined;
  const { epoch, cleanFrom } = record;
  const termsValid = Number.isSafeInteger(epoch) && Number.isSafeInteger(cleanFrom) && epoch >= cleanFrom;
  const ownerValid = isReleased(record) || (record.memberId !== "" && record.address !== "");
  return termsValid && cleanFrom > 0 && ownerValid ? record : undefined;
}

/** The member that an entry holds, or undefined if it is not the one of its key or cannot be reached. */
export function parseMember({ key, value }: Pick<Entry, "key" | "value">): Member | undefined {
  const member = parseJson(value, Member.fromJSON);
  if (!member || key !== memberPrefix + member.memberId) return undefined;
  const weightValid = Number.isInteger(member.weight) && member.weight >= 0 && member.weight < 2 ** 32;
  return weightValid && member.incarnation !== "" && member.address !== "" ? member : undefined;
}

/**
 * Whether its owner let go of the slot without naming a new one: nobody owns it, and nothing is in flight.
 */
export function isReleased(record: OwnerRecord): boolean {
  return record.incarnation === "";
}

/** The message that a value is the JSON of, or undefined if it is none. */
export function parseJson<Message>(value: string, fromJson: (json: unknown) => Message): Message | undefined {
  try {
    return fromJson(JSON.parse(value));
  } catch {
    return undefined;
  }
}
