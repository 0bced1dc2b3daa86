import { sleep } from "../../../lib/clock/clock.js";
import type { ChannelId, UserId } from "../../../lib/ids/ids.js";
import type { Population } from "../mesh/users.js";
import type { Random } from "../random.js";
import { asConfabError, noteOutcome } from "./outcomes.js";
import type { Stage } from "./stage.js";

/** A message that somebody wants to have posted. */
interface Draft {
  readonly channel: ChannelId;
  readonly author: UserId;
  readonly clientMsgId: string;
  readonly text: string;
}

/** How long a caller gives one attempt, and waits before the next one, in ms. */
const deadlineMs = { low: 1000, high: 6000 };
const backoffMs = { low: 10, high: 600 };
/** Time between two calls, in ms. */
const thinkMs = { low: 20, high: 1500 };
/** How much later an answered post is sent again, in ms. */
const repeatAfterMs = { low: 1, high: 15_000 };
const chances = {
  batch: 0.2,
  largeBatch: 0.03,
  race: 0.06,
  repeat: 0.1,
  otherBody: 0.04,
  outsider: 0.03,
  giveUp: 0.03,
  busiest: 0.5,
};
const batchMax = 6;
const largeBatchMax = 48;

/** A caller of the API who posts, and posts again until it is known what became of it. */
export class Poster {
  /** Calls under way. */
  busy = 0;
  private drafts = 0;
  private calls = 0;
  private readonly random: Random;

  constructor(
    private readonly stage: Stage,
    private readonly name: string,
    private readonly population: Population,
  ) {
    this.random = stage.world.random(name);
  }

  /** Posts until the moment (simulated ms) has come. */
  async run(until: number): Promise<void> {
    const { random, stage } = this;
    const { clock, scheduler } = stage.world;
    for (;;) {
      await sleep(clock, random.between(thinkMs.low, thinkMs.high));
      if (scheduler.now >= until) return;
      const posted = this.deliver(this.compose());
      if (random.chance(0.3)) void posted;
      else await posted;
    }
  }

  private compose(): Draft[] {
    const { random, population } = this;
    const { channels, members, outsider } = population;
    const channel = random.chance(chances.busiest) ? channels[0]! : random.pick(channels);
    const isOutsider = random.chance(chances.outsider);
    if (isOutsider) this.stage.world.coverage.hit("post.by_outsider");
    const author = isOutsider ? outsider : random.pick(members);
    const batch = random.chance(chances.batch) ? 1 + random.below(batchMax) : 1;
    const count = random.chance(chances.largeBatch) ? 1 + random.below(largeBatchMax) : batch;
    return Array.from({ length: count }, () => {
      const clientMsgId = `${this.name}.${++this.drafts}`;
      return { channel, author, clientMsgId, text: `says ${clientMsgId}` };
    });
  }

  private async deliver(drafts: readonly Draft[]): Promise<void> {
    this.busy++;
    const { random, stage } = this;
    const { coverage, clock } = stage.world;
    if (drafts.length > 1) coverage.hit("post.in_batch", drafts.length);
    const race = random.chance(chances.race);
    if (race) coverage.hit("post.raced");
    await Promise.all([this.settle(drafts, 1), ...(race ? [this.settle(drafts, 2)] : [])]);
    if (random.chance(chances.repeat)) {
      coverage.hit("post.repeated");
      await sleep(clock, random.between(repeatAfterMs.low, repeatAfterMs.high));
      await this.settle(drafts, 2);
    }
    if (random.chance(chances.otherBody)) {
      coverage.hit("post.body_changed");
      await this.settle([{ ...random.pick(drafts), text: "says something else" }], 2);
    }
    this.busy--;
  }

  /** Sends the drafts, again and again, until the outcome of each is known. */
  private async settle(drafts: readonly Draft[], firstAttempt: number): Promise<void> {
    const { random, stage } = this;
    let open = drafts;
    for (let attempt = firstAttempt; open.length > 0; attempt++) {
      if (attempt > 1) stage.world.coverage.hit("post.retried");
      open = await this.attempt(open, attempt);
      if (open.length === 0) return;
      if (stage.faultsGoOn && random.chance(chances.giveUp)) {
        return stage.world.coverage.hit("post.given_up", open.length);
      }
      await sleep(stage.world.clock, random.between(backoffMs.low, backoffMs.high));
    }
  }

  /** One call of the API; returns the drafts of which nobody knows what became of them. */
  private async attempt(drafts: readonly Draft[], attempt: number): Promise<Draft[]> {
    const { stage, random } = this;
    const call = `${this.name}#${++this.calls}`;
    const callOf = (index: number) => `${call}.${index}`;
    const { channel, author } = drafts[0]!;
    const actions = drafts.map(({ clientMsgId, text }) => {
      return { $case: "post", value: { clientMsgId, text, parentId: 0, broadcast: false } } as const;
    });
    for (const [index, { clientMsgId, text }] of drafts.entries()) {
      const post = { channel, author, clientMsgId, body: text, attempt };
      stage.recorder.note({ type: "post", call: callOf(index), ...post });
    }
    const wait = random.between(deadlineMs.low, deadlineMs.high);
    const outcomes = await stage.api
      .ask(wait, (owners, deadline) =>
        owners.command(channel, author, actions, { firstAttempt: attempt === 1, deadlineMs: deadline }),
      )
      .catch((error: unknown) => drafts.map(() => asConfabError(error)));
    return drafts.filter((_, index) => !noteOutcome(stage, callOf(index), outcomes[index]));
  }
}
