import { Event } from "../../../gen/confab/v1/types.js";
import { sleep } from "../../../lib/clock/clock.js";
import { type ChannelId, makeId, type Position, type UserId } from "../../../lib/ids/ids.js";
import type { LogStore } from "../../../lib/store/log-store.js";
import type { Random } from "../random.js";
import { insist, patiently, setUp } from "./set-up.js";
import type { Stage } from "./stage.js";

/** Time between two calls, and between a post and its deletion, in ms. */
const thinkMs = { low: 50, high: 2500 };
const retryChance = 0.3;

/** A message that was posted and deleted. */
interface Gone {
  readonly place: Position;
  readonly clientMsgId: string;
}

/**
 * Somebody who posts secrets to a channel of their own and deletes them. What deletions take away would
 * differ from what others saw, so that nobody else is there.
 */
export class Eraser {
  busy = false;
  readonly channel: ChannelId;
  private readonly random: Random;
  private readonly gone: Gone[] = [];

  constructor(
    private readonly stage: Stage,
    private readonly user: UserId,
  ) {
    this.random = stage.world.random("eraser");
    this.channel = makeId("C", this.random.fraction) as ChannelId;
  }

  /** Posts and deletes until the moment (simulated ms) has come. */
  async run(until: number): Promise<void> {
    const { stage, channel, user } = this;
    const { scheduler, coverage } = stage.world;
    this.busy = true;
    await setUp(stage, { channels: [channel], members: [user] });
    for (let number = 1; scheduler.now < until; number++) {
      const clientMsgId = `secret.${number}`;
      const place = await this.post(clientMsgId, `secret ${number}`);
      await this.pause();
      await insist(stage, channel, user, { $case: "delete", value: { messageId: place.id } });
      coverage.hit("message.deleted");
      this.gone.push({ place, clientMsgId });
      if (this.random.chance(retryChance)) await this.retry(this.random.pick(this.gone));
      await this.pause();
    }
    this.busy = false;
  }

  /** Looks for what should be gone from the store, and posts once more under each id. */
  async audit(store: LogStore): Promise<void> {
    const { stage, channel, user } = this;
    const { seq } = await this.post("last", "the last one");
    await patiently(stage, (owners, deadline) =>
      owners.ask(channel, user, { $case: "projected", value: { seq } }, deadline),
    );
    for (const { bucket } of await store.readBuckets(channel)) {
      for (const { place, clientMsgId } of this.gone) {
        const range = { channel, bucket, from: place.seq, to: place.seq, limit: 100 };
        for (const { event } of await store.readRows({ ...range, bytesEnough: 1e9, downward: false })) {
          const { kind } = Event.decode(event);
          if (kind?.$case === "messagePosted" && kind.value.text !== "") this.complain(clientMsgId, "text");
        }
        for (const { bodyHash } of await store.findKeys(channel, bucket, user, clientMsgId))
          if (bodyHash !== "") this.complain(clientMsgId, "hash");
      }
    }
    for (const gone of this.gone) await this.retry(gone);
  }

  /** Under the id of a deleted message any text is answered by its place. */
  private async retry({ place, clientMsgId }: Gone): Promise<void> {
    const { seq } = await this.post(clientMsgId, "something else", false);
    if (seq !== place.seq) this.complain(clientMsgId, `place (${place.seq}, now ${seq})`);
  }

  private post(clientMsgId: string, text: string, isNew = true): Promise<Position> {
    const value = { clientMsgId, text, parentId: 0, broadcast: false };
    return insist(this.stage, this.channel, this.user, { $case: "post", value }, isNew);
  }

  private pause(): Promise<void> {
    return sleep(this.stage.world.clock, this.random.between(thinkMs.low, thinkMs.high));
  }

  private complain(clientMsgId: string, what: string): void {
    this.stage.recorder.complain("erasure", this.channel, `${clientMsgId} was deleted: its ${what} is kept`);
  }
}
