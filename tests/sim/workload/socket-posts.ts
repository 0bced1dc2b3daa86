import { sleep } from "../../../lib/clock/clock.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { ChannelId, Position, UserId } from "../../../lib/ids/ids.js";
import { sendMsMax } from "../../../lib/limits/limits.js";
import type { Random } from "../random.js";
import { asConfabError, noteOutcome } from "./outcomes.js";
import type { Stage } from "./stage.js";

/** Requests of posts have numbers from here on, those for channels lower ones. */
const requestsFrom = 1_000_000;
/** How much longer than a gateway takes at most an answer is waited for, in ms. */
const graceMs = 2000;
/** Wait before another attempt, and what an attempt by the API is given, in ms. */
const backoffMs = { low: 10, high: 600 };
const apiMs = 4000;
const burstMax = 6;

interface Draft {
  readonly channel: ChannelId;
  readonly clientMsgId: string;
  readonly text: string;
}

/** What a client posts over its connection, again over that or by the API until its outcome is known. */
export class SocketPosts {
  /** Posts without a known outcome. */
  busy = 0;
  private drafts = 0;
  private calls = 0;
  private readonly random: Random;
  private readonly answers = new Map<number, (outcome: Position | ConfabError) => void>();

  /** @param send over the connection; returns whether there is one */
  constructor(
    private readonly stage: Stage,
    private readonly name: string,
    private readonly user: UserId,
    private readonly send: (frame: object) => boolean,
  ) {
    this.random = stage.world.random(`posts of ${name}`);
  }

  /** Posts some messages at once; what a connection answers of them must be in their order. */
  burst(channel: ChannelId): void {
    let newest = 0;
    for (let left = 1 + this.random.below(burstMax); left > 0; left--) {
      void this.post(channel, (seq) => {
        if (seq <= newest)
          this.stage.recorder.complain("order of posts", channel, `${this.name}: ${seq} after ${newest}`);
        newest = seq;
      });
    }
  }

  /** The gateway has answered; returns whether it was a post that it answered. */
  answered(requestId: number, outcome: Position | ConfabError): boolean {
    this.answers.get(requestId)?.(outcome);
    return requestId >= requestsFrom;
  }

  /** Nothing more comes over the connection. */
  disconnected(): void {
    for (const settle of this.answers.values()) {
      this.stage.world.coverage.hit("post.socket_lost");
      settle(new ConfabError("unavailable"));
    }
  }

  private async post(channel: ChannelId, placedAtOnce: (seq: number) => void): Promise<void> {
    const { stage, random } = this;
    this.busy++;
    const clientMsgId = `${this.name}.${++this.drafts}`;
    const draft = { channel, clientMsgId, text: `says ${clientMsgId}` };
    for (let attempt = 1; ; attempt++) {
      if (attempt > 1) stage.world.coverage.hit("post.retried");
      const outcome = await this.attempt(draft, attempt);
      if (attempt === 1 && outcome && !(outcome instanceof ConfabError)) placedAtOnce(outcome.seq);
      if (outcome) break;
      await sleep(stage.world.clock, random.between(backoffMs.low, backoffMs.high));
    }
    this.busy--;
  }

  /** What became of it; undefined if nobody knows. */
  private async attempt(draft: Draft, attempt: number): Promise<Position | ConfabError | undefined> {
    const { stage, user, random } = this;
    const { channel, clientMsgId, text } = draft;
    const call = `${this.name}#${++this.calls}`;
    stage.recorder.note({ type: "post", call, channel, author: user, clientMsgId, body: text, attempt });
    const isOverSocket = attempt === 1 || random.chance(0.5);
    const outcome = await (isOverSocket ? this.overSocket(draft, attempt) : this.byApi(draft));
    return noteOutcome(stage, call, outcome) ? outcome : undefined;
  }

  private overSocket(
    { channel, clientMsgId, text }: Draft,
    attempt: number,
  ): Promise<Position | ConfabError> {
    const { scheduler, coverage } = this.stage.world;
    const requestId = requestsFrom + this.calls;
    const post = { channelId: channel, message: { clientMsgId, text }, firstAttempt: attempt === 1 };
    if (!this.send({ requestId, post })) return Promise.resolve(new ConfabError("unavailable"));
    coverage.hit("post.over_socket");
    return new Promise((resolve) => {
      const settle = (outcome: Position | ConfabError) => {
        timer.cancel();
        this.answers.delete(requestId);
        resolve(outcome);
      };
      const timer = scheduler.schedule(sendMsMax + graceMs, "post times out", () =>
        settle(new ConfabError("deadline_exceeded")),
      );
      this.answers.set(requestId, settle);
    });
  }

  private async byApi({ channel, clientMsgId, text }: Draft): Promise<Position | ConfabError | undefined> {
    const post = { $case: "post", value: { clientMsgId, text, parentId: 0, broadcast: false } } as const;
    const [outcome] = await this.stage.api
      .ask(apiMs, (owners, deadlineMs) =>
        owners.command(channel, this.user, [post], { firstAttempt: false, deadlineMs }),
      )
      .catch((error: unknown) => [asConfabError(error)]);
    return outcome;
  }
}
