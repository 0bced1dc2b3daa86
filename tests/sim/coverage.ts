/** What runs count, so that it shows when something is never exercised. */
export const coverageNames = [
  "node.crashed",
  "node.paused",
  "link.opened",
  "link.refused",
  "link.timed_out",
  "link.broken",
  "link.severed",
  "link.frames_lost",
  "link.stalled",
  "link.healed",
  "link.overflowed",
  "call.answered",
  "call.unreachable",
  "frame.dropped",
  "frame.duplicated",
  "frame.reordered",
  "store.written",
  "store.read_failed",
  "store.not_written",
  "store.unknown_dropped",
  "store.unknown_applied",
  "store.unknown_late",
  "store.unknown_partial",
  "store.applied_late",
  "store.repeated",
  "store.lost_in_crash",
  "store.survived_crash",
  "store.fenced",
  "replica.down",
  "replica.slow",
  "replica.cut",
  "replica.hinted",
  "replica.hint_landed",
  "replica.hint_held_long",
  "replica.missed",
  "replica.late_write_landed",
  "replica.repeated",
  "replica.response_lost",
  "replica.timeout",
  "replica.timeout_took_effect",
  "replica.read_repaired",
  "replica.repair_broken",
  "coordinator.cut",
  "coordinator.restored",
  "coordinator.unknown_applied",
  "coordinator.unknown_dropped",
  "coordinator.unknown_late",
  "charm.elected",
  "charm.deposed",
  "charm.fenced",
  "charm.fenced_living",
  "takeover.append_in_flight",
  "topic.published",
  "row.proposed_again",
  "bucket.another",
  "handOffs",
  "handOffsGivenUp",
  "handOffsUnknown",
  "channel.evicted",
  "channel.found_again",
  "post.acknowledged",
  "post.refused",
  "post.unknown",
  "post.retried",
  "post.in_batch",
  "post.raced",
  "post.repeated",
  "post.body_changed",
  "post.by_outsider",
  "post.given_up",
  "message.deleted",
  "post.over_socket",
  "post.socket_lost",
  "read.answered",
  "read.failed",
  "client.connected",
  "client.disconnected",
  "client.resumed",
  "client.got_twice",
  "client.gap",
  "client.unsubscribed",
  "client.refused",
  "client.typed",
  "client.saw_typing",
  "client.stopped_reading",
  "member.joined_late",
  "member.invited",
  "member.removed",
  "all.ready",
  "all.notice",
  "all.joined_connected",
  "all.joined_away",
  "fault.crash",
  "fault.crash_writing",
  "fault.crash_leader",
  "fault.stop",
  "fault.pause",
  "fault.break_links",
  "fault.partition",
  "fault.one_way_cut",
  "fault.store",
  "fault.coordinator_cut",
  "fault.split",
  "fault.etcd_outage",
  "fault.watch_stall",
  "fault.etcd_wiped",
  "fault.etcd_restored",
  "fault.join",
  "fault.leave",
  "fault.pin",
  "fault.unpin",
  "fault.drain",
  "fault.fence",
  "fault.stalled_ring",
  "fault.coordinator_trouble",
  "fault.clock_step",
  "fault.mangled_frames",
  "duel.taken_over",
  "duel.crash",
] as const;

/**
 * What is counted but may stay at 0: too many frames at a time take longer runs; an event that a client has
 * already is permitted, but gateways that honour positions send none.
 */
export const exemptNames: readonly CoverageName[] = ["link.overflowed", "client.got_twice"];

/** Name of something that is counted. */
export type CoverageName = (typeof coverageNames)[number];

/** Counts how often each thing happened. */
export class Coverage {
  private readonly counts = new Map<CoverageName, number>();

  hit(name: CoverageName, count = 1): void {
    this.counts.set(name, this.count(name) + count);
  }

  count(name: CoverageName): number {
    return this.counts.get(name) ?? 0;
  }

  /** All counts, zeros included. */
  all(): Record<string, number> {
    return Object.fromEntries(coverageNames.map((name) => [name, this.count(name)]));
  }
}
