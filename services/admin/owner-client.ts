import type { EventPage } from "../../gen/confab/mesh/v1/log.js";
import type { Command, CommandFrame } from "../../gen/confab/mesh/v1/write.js";
import { type Clock, sleep } from "../../lib/clock/clock.js";
import { ConfabError, isErrorCode } from "../../lib/errors/errors.js";
import type { ChannelId, Position, Seq, UserId } from "../../lib/ids/ids.js";
import type { Link, Links } from "../../lib/links/links.js";
import type { RingView } from "../../lib/ring/ring-view.js";
import { slotOf } from "../../lib/ring/slot.js";
import { CommandRouter } from "./core/command-router.js";
import type { Owners } from "./owners.js";

/** Longest wait for one answer to a read before it is asked again, in ms. */
const readTryMsMax = 3000;
/** Wait between two tries of a read, in ms. */
const readRetryMs = 50;

export interface OwnerClientParts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly links: Links;
  readonly ring: RingView;
}

/** Reaches the owners of channels: one stream of commands to each channel server, reads by calls. */
export class OwnerClient implements Owners {
  readonly #router: CommandRouter;
  readonly #links = new Map<string, Link<CommandFrame>>();
  readonly #aborted = new AbortController();
  #flushing = false;

  constructor(private readonly parts: OwnerClientParts) {
    const { clock, random, ring } = parts;
    this.#router = new CommandRouter({
      random,
      ownerOf: (slot) => ring.ownerOf(slot),
      send: (address, commands) => this.#linkTo(address).send({ commands }),
      flushSoon: () => this.#flushSoon(),
      later: (ms, call) => void clock.after(ms, () => !this.#aborted.signal.aborted && call(clock.now())),
    });
    ring.onChange(() => this.#router.ringChanged(clock.now()));
  }

  /** How many commands were sent to owners or wait for one. */
  get pendingCommands(): number {
    return this.#router.pendingCount;
  }

  command(
    channelId: ChannelId,
    author: UserId,
    actions: readonly NonNullable<Command["action"]>[],
    { firstAttempt, deadlineMs }: { firstAttempt: boolean; deadlineMs: number },
  ): Promise<(Position | ConfabError)[]> {
    const now = this.parts.clock.now();
    const outcomes = actions.map(
      (action) =>
        new Promise<Position | ConfabError>((resolve) => {
          this.#router.submit({ channelId, author, firstAttempt, action }, deadlineMs, now, resolve);
        }),
    );
    return Promise.all(outcomes);
  }

  async readEvents(
    channelId: ChannelId,
    reader: UserId,
    page: { fromSeq: Seq; limit: number; downward: boolean; minSeq: Seq },
    deadlineMs: number,
  ): Promise<EventPage> {
    const { clock, ring } = this.parts;
    for (;;) {
      const owner = ring.ownerOf(slotOf(channelId));
      const left = deadlineMs - clock.now();
      if (left <= 0 || this.#aborted.signal.aborted) throw new ConfabError("deadline_exceeded");
      if (owner) {
        const request = { ...page, channelId, reader, epoch: owner.epoch };
        const answer = await this.#tryRead(owner.address, request, Math.min(left, readTryMsMax));
        if (answer) return answer;
      }
      await sleep(clock, readRetryMs * (0.5 + this.parts.random()), this.#aborted.signal);
    }
  }

  /** Fails everything under way. */
  close(): void {
    this.#aborted.abort();
    this.#router.close();
    for (const link of this.#links.values()) link.close("admin closed");
    this.#links.clear();
  }

  /** The page, or undefined when another try may find the owner. */
  async #tryRead(
    address: string,
    request: Parameters<Links["call"]>[2],
    timeoutMs: number,
  ): Promise<EventPage | undefined> {
    const { outcome } = await this.parts.links
      .call(address, "readEvents", request, timeoutMs)
      .catch(() => ({ outcome: undefined }));
    if (outcome?.$case === "page") return outcome.value;
    if (!outcome || outcome.value.code === "not_owner") return undefined;
    const { code, field, message, retryMs } = outcome.value;
    throw new ConfabError(isErrorCode(code) ? code : "internal", field, message, retryMs);
  }

  #linkTo(address: string): Link<CommandFrame> {
    const open = this.#links.get(address);
    if (open) return open;
    const { clock, links } = this.parts;
    const link = links.open(address, "commands", {
      received: ({ results }) => this.#router.results(results, clock.now()),
      closed: () => {
        if (this.#links.get(address) === link) this.#links.delete(address);
        this.#router.linkClosed(address, clock.now());
      },
    });
    this.#links.set(address, link);
    return link;
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.parts.clock.endOfTurn(() => {
      this.#flushing = false;
      if (!this.#aborted.signal.aborted) this.#router.flush();
    });
  }
}
