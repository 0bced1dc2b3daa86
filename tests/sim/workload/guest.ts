import { sleep } from "../../../lib/clock/clock.js";
import type { ChannelId, Seq, UserId } from "../../../lib/ids/ids.js";
import type { Population } from "../mesh/users.js";
import type { Random } from "../random.js";
import type { AllClient } from "./all-client.js";
import { join, remove } from "./set-up.js";
import type { Stage } from "./stage.js";

/** How often an invitation comes just when a client of the guest connects, and how much later, in ms. */
const atConnectChance = 0.6;
const afterConnectMs = { low: 0, high: 40 };
const removeChance = 0.3;
const awayMs = { low: 1, high: 2000 };

/** A user who follows all, and what the inviter knows. */
interface GuestParts {
  readonly user: UserId;
  /** By the joining's `seq`. */
  readonly memberships: Map<ChannelId, Seq>;
  readonly clients: readonly AllClient[];
}

/** Somebody who is invited to one channel after another, and removed from some and invited again. */
export class Guest {
  /** Invitations are under way. */
  busy = false;
  private readonly random: Random;

  constructor(
    private readonly stage: Stage,
    private readonly population: Population,
    private readonly parts: GuestParts,
  ) {
    this.random = stage.world.random(`guest ${parts.user}`);
  }

  /** Is invited everywhere until the moment (simulated ms) has come. */
  async run(until: number): Promise<void> {
    const { random, stage, population } = this;
    const { clock, scheduler } = stage.world;
    this.busy = true;
    for (const [i, channel] of population.channels.entries()) {
      const left = Math.max(0, until - scheduler.now);
      await sleep(clock, (random.fraction() * 2 * left) / (population.channels.length - i + 1));
      if (random.chance(atConnectChance)) await this.connects(left / 4);
      await this.invite(channel);
      if (!random.chance(removeChance)) continue;
      await sleep(clock, random.between(awayMs.low, awayMs.high));
      await this.remove(channel);
      await sleep(clock, random.between(awayMs.low, awayMs.high));
      await this.invite(channel);
    }
    this.busy = false;
  }

  /** Waits until one of the clients connects, but not longer than so many milliseconds. */
  private async connects(longestMs: number): Promise<void> {
    const { random, stage, parts } = this;
    const { clock } = stage.world;
    await Promise.race([random.pick(parts.clients).connects(), sleep(clock, longestMs)]);
    await sleep(clock, random.between(afterConnectMs.low, afterConnectMs.high));
  }

  private async invite(channel: ChannelId): Promise<void> {
    const { stage, population, parts } = this;
    const { scheduler, coverage } = stage.world;
    const begunAt = scheduler.now;
    const { seq } = await join(stage, channel, population.members[0]!, [parts.user]);
    coverage.hit("member.invited");
    parts.memberships.set(channel, seq);
    for (const client of parts.clients) client.joined(channel, seq, begunAt);
  }

  private async remove(channel: ChannelId): Promise<void> {
    const { stage, population, parts } = this;
    parts.memberships.delete(channel);
    for (const client of parts.clients) client.leaving(channel);
    await remove(stage, channel, population.members[0]!, parts.user);
    stage.world.coverage.hit("member.removed");
  }
}
