import type { Command } from "../../../gen/confab/mesh/v1/write.js";
import type { ChannelState } from "./channel-state.js";
import type { Waiting } from "./command-queue.js";
import { dedupeWindowMs } from "./dedupe-window.js";
import type { Outside } from "./store-work.js";

/** Wait before a failed look-up of a key is tried again, in ms. */
const retryMs = 50;
/** No command has more time than this between its sending and its deadline, clocks' differences included. */
const commandLifeMsMax = 120_000;

/**
 * Looks in the store for posts that an earlier owner may have written, where the window does not reach back
 * to them.
 */
export class KeyLookup {
  #closed = false;

  /**
   * @param state of the channel as it was found
   * @param epoch of the owner's term
   * @param forgottenUntil posts made in this term up to then may be in the log but not in the window, though
   *   they were made after the command was sent: the channel was evicted since (ms since the Unix epoch)
   * @param openedAt since when the window is complete, in ms since the Unix epoch
   */
  constructor(
    private readonly state: ChannelState,
    private readonly epoch: number,
    private readonly forgottenUntil: number,
    private readonly openedAt: number,
    private readonly outside: Outside,
  ) {}

  /** Whether the command cannot have its turn before its key was looked for. */
  isNeeded({ command, lookup }: Waiting, now: number): boolean {
    if (lookup !== "none") return lookup === "running";
    if (command.action?.$case !== "post") return false;
    const { clientMsgId } = command.action.value;
    const { dedupe, tail } = this.state;
    if (clientMsgId === "" || tail.seq === 0 || dedupe.isCompleteSince(now - dedupeWindowMs)) return false;
    return !dedupe.find(command.author, clientMsgId) && !this.#isFirstAttempt(command);
  }

  /** Starts the look-ups that these commands need; calls back after each. */
  start(waiting: readonly Waiting[], now: number, done: (now: number) => void): void {
    for (const one of waiting)
      if (one.lookup === "none" && this.isNeeded(one, now)) this.#start(one, now, done);
  }

  close(): void {
    this.#closed = true;
  }

  #start(waiting: Waiting, now: number, done: (now: number) => void): void {
    const { author, action } = waiting.command;
    if (action?.$case !== "post") return;
    waiting.lookup = "running";
    const { clientMsgId } = action.value;
    const { id, segments, tail, dedupe } = this.state;
    const key = { segments: [...segments], tail, since: now - dedupeWindowMs, author, clientMsgId };
    this.outside.store.findKey(id, key, (outcome, later) => {
      if (this.#closed) return;
      if ("failure" in outcome) {
        return this.outside.later(retryMs, (retryAt) => !this.#closed && this.#start(waiting, retryAt, done));
      }
      waiting.lookup = "done";
      if (outcome.value) dedupe.addOld(author, clientMsgId, outcome.value);
      done(later);
    });
  }

  /**
   * The mark is believed only in the term that the sender meant, and while everything is remembered that was
   * posted in this term since the command can have been sent: a repeated frame finds its own post. Before
   * this activation there was nothing to remember, unless it was forgotten by an eviction.
   */
  #isFirstAttempt({ firstAttempt, epoch, deadlineUs }: Command): boolean {
    if (!firstAttempt || epoch !== this.epoch || deadlineUs === 0) return false;
    const sentAfter = deadlineUs / 1000 - commandLifeMsMax;
    const since = sentAfter > this.forgottenUntil ? Math.max(this.openedAt, sentAfter) : sentAfter;
    return this.state.dedupe.isCompleteSince(since);
  }
}
