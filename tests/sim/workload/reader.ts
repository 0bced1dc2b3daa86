import { sleep } from "../../../lib/clock/clock.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { ChannelId, Seq, UserId } from "../../../lib/ids/ids.js";
import type { Population } from "../mesh/users.js";
import type { Stage } from "./stage.js";
import { seen } from "./recorder.js";

/** How long a reader waits for a page, and between two pages, in ms. */
const deadlineMs = 4000;
const pauseMs = { low: 100, high: 3000 };
const limitMax = 40;
/** How far above the last page's end a reader may ask, to see that nothing is there. */
const beyondMax = 5;

/** Reads one page of history and takes it down; rejects with the error of the read. */
export async function readPage(
  stage: Stage,
  reader: string,
  user: UserId,
  page: { channel: ChannelId; from: Seq; limit: number; downward: boolean; deadlineMs: number },
) {
  const { channel, from, limit, downward } = page;
  const begun = stage.world.scheduler.now;
  const range = { fromSeq: from, limit, downward, minSeq: 0 };
  const answer = await stage.api.ask(page.deadlineMs, (owners, deadline) =>
    owners.readEvents(channel, user, range, deadline),
  );
  const events = answer.events.map(seen);
  const newest = answer.newest?.seq ?? 0;
  stage.recorder.note({ type: "read", begun, reader, channel, downward, from, limit, newest, events });
  return { events, newest };
}

/** Somebody who reads pages of history here and there. */
export class Reader {
  busy = false;

  constructor(
    private readonly stage: Stage,
    private readonly name: string,
    private readonly population: Population,
  ) {}

  /** Reads until the moment (simulated ms) has come. */
  async run(until: number): Promise<void> {
    const { stage, name, population } = this;
    const { world } = stage;
    const random = world.random(name);
    const newest = new Map<ChannelId, Seq>();
    for (;;) {
      await sleep(world.clock, random.between(pauseMs.low, pauseMs.high));
      if (world.scheduler.now >= until) return;
      const channel = random.pick(population.channels);
      const downward = random.chance(0.5);
      const from = random.chance(0.3) ? 0 : random.below((newest.get(channel) ?? 0) + beyondMax);
      const page = { channel, from, limit: 1 + random.below(limitMax), downward, deadlineMs };
      this.busy = true;
      try {
        const answer = await readPage(stage, name, random.pick(population.members), page);
        newest.set(channel, answer.newest);
        world.coverage.hit("read.answered");
      } catch (error) {
        if (!(error instanceof ConfabError)) throw error;
        world.coverage.hit("read.failed");
        this.judge(channel, error);
      }
      this.busy = false;
    }
  }

  /** Members may read: no answer is no wonder, a refusal is. */
  private judge(channel: ChannelId, { code, message }: ConfabError): void {
    if (code === "deadline_exceeded" || code === "unavailable") return;
    this.stage.recorder.complain("G6", channel, `a member's read was refused: ${code} (${message})`);
  }
}
