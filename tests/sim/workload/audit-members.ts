import { Event } from "../../../gen/confab/v1/types.js";
import type { ChannelId, Seq, UserId } from "../../../lib/ids/ids.js";
import type { LogStore } from "../../../lib/store/log-store.js";
import { rowsOf } from "./final-state.js";
import { patiently } from "./set-up.js";
import type { Stage } from "./stage.js";

/**
 * Compares the members of a channel, as projected, with what its log says, when everything up to its newest
 * event is projected: a change that the log does not have was projected too early, one that only the log has
 * too late.
 */
export async function auditMembers(
  stage: Stage,
  store: LogStore,
  channel: ChannelId,
  newest: Seq,
  member: UserId,
): Promise<void> {
  await patiently(stage, (owners, deadline) =>
    owners.ask(channel, member, { $case: "projected", value: { seq: newest } }, deadline),
  );
  const expected = new Map<string, string>();
  for (const row of await rowsOf(store, channel, newest)) {
    const { kind, seq } = Event.decode(row.event);
    if (kind?.$case !== "membersJoined" && kind?.$case !== "membersLeft") continue;
    const change = kind.$case === "membersJoined" ? "joined" : "left";
    for (const user of kind.value.userIds) expected.set(user, `${change} at ${seq}`);
  }
  for (const { user, seq, member: isMember } of await store.readMembers(channel)) {
    const projected = `${isMember ? "joined" : "left"} at ${seq}`;
    const logged = expected.get(user);
    if (projected === logged) expected.delete(user);
    else stage.recorder.complain("G6", channel, `${user} ${projected} as projected, by the log ${logged}`);
  }
  for (const [user, logged] of expected) {
    if (!(await store.readMembers(channel)).some((row) => row.user === user))
      stage.recorder.complain("G6", channel, `${user} ${logged}, which is not projected`);
  }
}
