import type { OwnerRecord } from "../../../gen/confab/mesh/v1/ring.js";
import type { Refusal, Result } from "../../../gen/confab/mesh/v1/write.js";
import { ConfabError, type ErrorCode } from "../../../lib/errors/errors.js";
import type { ChannelId, Position, UserId } from "../../../lib/ids/ids.js";
import type { AnswerTo, EventRange, Owners, Question } from "../../../lib/owners/owners.js";
import type { Life } from "../../../services/channel/life.js";
import type { Random } from "../random.js";
import type { World } from "../world.js";
import type { DuelServer } from "./duel-server.js";
import type { Succession } from "./succession.js";

const latencyMs = { low: 0.1, high: 3 };

/** The owners as one caller knows them: each call goes to one server, once, and may be lost with it. */
export class DuelOwners implements Owners {
  private known: OwnerRecord | undefined;
  private readonly random: Random;

  constructor(
    private readonly world: World,
    name: string,
    private readonly servers: readonly DuelServer[],
    succession: Succession,
  ) {
    this.random = world.random(`owners of ${name}`);
    this.known = succession.record;
    succession.onChange((record, afterMs) =>
      world.scheduler.schedule(afterMs, "caller learns", () => {
        if (!this.known || this.known.epoch < record.epoch) this.known = record;
      }),
    );
  }

  async command(
    channel: ChannelId,
    author: UserId,
    actions: Parameters<Owners["command"]>[2],
    { firstAttempt, deadlineMs }: Parameters<Owners["command"]>[3],
  ): Promise<(Position | ConfabError)[]> {
    const outcomes: (Position | ConfabError)[] = actions.map(() => new ConfabError("deadline_exceeded"));
    let open = actions.length;
    const { epoch = 0 } = this.known ?? {};
    const deadlineUs = deadlineMs * 1000;
    const common = { channelId: channel, epoch, author, firstAttempt, deadlineUs };
    const commands = actions.map((action, number) => ({ ...common, number, action }));
    await this.call<void>(deadlineMs, (life, answer) => {
      const take = ({ number, outcome }: Result) => {
        outcomes[number] = outcome?.$case === "position" ? outcome.value : errorOf(outcome?.value);
        if (--open === 0) answer();
      };
      const end = life.acceptCommands({
        send: ({ results }) => this.later(() => results.forEach(take)),
        close: () => this.later(answer),
      });
      end.received({ commands });
    });
    return outcomes;
  }

  async readEvents(channel: ChannelId, reader: UserId, range: EventRange, deadlineMs: number) {
    const { epoch = 0 } = this.known ?? {};
    const request = { channelId: channel, epoch, reader, ...range };
    const response = await this.call<Awaited<ReturnType<Life["read"]>>>(deadlineMs, (life, answer) => {
      life.read(request).then((page) => this.later(() => answer(page)));
    });
    if (response?.outcome?.$case === "page") return response.outcome.value;
    throw errorOf(response?.outcome?.value);
  }

  async ask<Name extends Question["$case"]>(
    channel: ChannelId,
    reader: UserId,
    question: Extract<Question, { readonly $case: Name }>,
    deadlineMs: number,
  ): Promise<AnswerTo<Name>> {
    const { epoch = 0 } = this.known ?? {};
    const request = { channelId: channel, epoch, reader, minSeq: 0, question };
    const response = await this.call<Awaited<ReturnType<Life["ask"]>>>(deadlineMs, (life, answer) => {
      life.ask(request).then((found) => this.later(() => answer(found)));
    });
    const { outcome } = response ?? {};
    if (!outcome || outcome.$case === "refusal") throw errorOf(outcome?.value);
    return outcome.value as AnswerTo<Name>;
  }

  /** Has the server that is thought to own do something; undefined if no answer comes in time. */
  private call<Answer>(
    deadlineMs: number,
    act: (life: Life, answer: (value?: Answer) => void) => void,
  ): Promise<Answer | undefined> {
    const { world, known, servers } = this;
    const server = servers.find(({ name }) => name === known?.memberId);
    return new Promise((resolve) => {
      const left = Math.max(0, deadlineMs - world.clock.now());
      const timer = world.scheduler.schedule(left, "call times out", () => resolve(undefined));
      const answer = (value?: Answer) => {
        timer.cancel();
        resolve(value);
      };
      this.later(() => {
        if (!server?.node.alive) return this.later(() => answer());
        server.node.schedule(0, "call", () => (server.life ? act(server.life, answer) : answer()));
      });
    });
  }

  private later(call: () => void): void {
    const { world, random } = this;
    world.scheduler.schedule(random.between(latencyMs.low, latencyMs.high), "on the way", call);
  }
}

function errorOf(refusal: Refusal | undefined): ConfabError {
  if (!refusal || refusal.code === "not_owner") return new ConfabError("unavailable");
  return new ConfabError(refusal.code as ErrorCode, refusal.field, refusal.message);
}
