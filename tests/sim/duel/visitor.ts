import { sleep } from "../../../lib/clock/clock.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { ChannelId, UserId } from "../../../lib/ids/ids.js";
import type { Random } from "../random.js";
import { insist, join, remove } from "../workload/set-up.js";
import type { Stage } from "../workload/stage.js";

/** Time between two changes, in ms. */
const thinkMs = { low: 20, high: 900 };
/** How soon they post after they were made a member, in ms. */
const postAfterMsMax = 30;

/** Somebody who is made a member and removed again, all the time, and posts when they may and when not. */
export class Visitor {
  busy = false;
  private readonly random: Random;
  private posts = 0;

  constructor(
    private readonly stage: Stage,
    private readonly channel: ChannelId,
    /** Who makes and ends the memberships: the creator of the conversation. */
    private readonly creator: UserId,
    private readonly user: UserId,
  ) {
    this.random = stage.world.random("visitor");
  }

  /** Comes and goes until the moment (simulated ms) has come. */
  async run(until: number): Promise<void> {
    const { stage, channel, creator, user, random } = this;
    this.busy = true;
    while (stage.world.scheduler.now < until) {
      await join(stage, channel, creator, [user]);
      await sleep(stage.world.clock, random.fraction() * postAfterMsMax);
      if (!(await this.mayPost())) this.complain("was refused, who had been made a member");
      await sleep(stage.world.clock, random.between(thinkMs.low, thinkMs.high));
      await remove(stage, channel, creator, user);
      if (await this.mayPost()) this.complain("posted, who had been removed");
      await sleep(stage.world.clock, random.between(thinkMs.low, thinkMs.high));
    }
    this.busy = false;
  }

  /** Posts until it is known whether that is allowed. */
  private async mayPost(): Promise<boolean> {
    const { stage, channel, user } = this;
    const clientMsgId = `visit.${++this.posts}`;
    const value = { clientMsgId, text: "was here", parentId: 0, broadcast: false };
    try {
      await insist(stage, channel, user, { $case: "post", value });
      return true;
    } catch (error) {
      if (error instanceof ConfabError && error.code === "not_in_channel") return false;
      throw error;
    }
  }

  private complain(what: string): void {
    this.stage.recorder.complain("G6", this.channel, `${this.user} ${what}`);
  }
}
