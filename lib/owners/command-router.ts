import type { OwnerRecord } from "../../gen/confab/mesh/v1/ring.js";
import type { Command, Result } from "../../gen/confab/mesh/v1/write.js";
import { ConfabError, isErrorCode } from "../errors/errors.js";
import type { Position } from "../ids/ids.js";
import { slotOf } from "../ring/slot.js";

/** How often waiting commands are looked at, in ms. */
const sweepMs = 50;
/** First and longest wait before a refused command is tried again, in ms; jittered. */
const retryMsMin = 10;
const retryMsMax = 500;
/** A command without a result is sent again after this long, in ms. */
const silenceMsMax = 2000;
/** Most commands under way. */
const commandsMax = 100_000;

/** What a router does to the world. */
export interface RouterOutside {
  ownerOf(slot: number): OwnerRecord | undefined;
  /** Sends over the stream to an address, opened when there is none. */
  send(address: string, commands: Command[]): void;
  /** Asks for `flush` at the end of this turn. */
  flushSoon(): void;
  later(ms: number, call: (now: number) => void): void;
  /** From 0 up to, not including, 1. */
  random(): number;
}

interface Pending {
  readonly command: Command;
  readonly done: (outcome: Position | ConfabError) => void;
  /** ms since the Unix epoch. */
  readonly deadline: number;
  /** Where it was sent; undefined while it waits for its next try. */
  sentTo: string | undefined;
  /** When to try again, or to doubt the silence, in ms since the Unix epoch. */
  next: number;
  tries: number;
}

/**
 * Brings commands to the owners of their channels, and again when ownership moved or a stream broke, until
 * each deadline.
 */
export class CommandRouter {
  readonly #pending = new Map<number, Pending>();
  readonly #outboxes = new Map<string, Command[]>();
  #nextNumber = 1;
  #sweeping = false;

  constructor(private readonly outside: RouterOutside) {}

  /** How many commands are under way. */
  get pendingCount(): number {
    return this.#pending.size;
  }

  /** @param deadline ms since the Unix epoch */
  submit(
    command: Omit<Command, "number" | "epoch" | "deadlineUs">,
    deadline: number,
    now: number,
    done: (outcome: Position | ConfabError) => void,
  ): void {
    if (this.#pending.size >= commandsMax) return done(new ConfabError("overloaded"));
    const number = this.#nextNumber++;
    const full = { ...command, number, epoch: 0, deadlineUs: Math.floor(deadline * 1000) };
    const pending = { command: full, done, deadline, sentTo: undefined, next: 0, tries: 0 };
    this.#pending.set(number, pending);
    this.#route(pending, now);
    this.#sweepLater();
  }

  results(results: readonly Result[], now: number): void {
    let hasMoved = false;
    for (const { number, outcome } of results) {
      const pending = this.#pending.get(number);
      if (!pending || !outcome) continue;
      if (outcome.$case === "position") this.#finish(pending, outcome.value);
      else if (outcome.value.code === "not_owner") {
        this.#retryLater(pending, now);
        // A newer owner is known than the one that was asked.
        const isNews = (this.#ownerOf(pending)?.epoch ?? 0) > pending.command.epoch;
        if (isNews) pending.next = now;
        hasMoved ||= isNews;
      } else {
        const { code, field, message, retryMs } = outcome.value;
        const known = isErrorCode(code) ? code : "internal";
        this.#finish(pending, new ConfabError(known, field, message, retryMs));
      }
    }
    if (hasMoved) this.#routeAgain(({ sentTo, next }) => sentTo === undefined && now >= next, now);
  }

  /** A stream broke: what was on it may or may not have been carried out. */
  linkClosed(address: string, now: number): void {
    for (const pending of this.#pending.values())
      if (pending.sentTo === address) this.#retryLater(pending, now);
  }

  /** Owners changed: whoever waits for one is tried at once. */
  ringChanged(now: number): void {
    this.#routeAgain((pending) => pending.sentTo === undefined && this.#ownerOf(pending) !== undefined, now);
  }

  flush(): void {
    const outboxes = [...this.#outboxes];
    this.#outboxes.clear();
    for (const [address, commands] of outboxes) this.outside.send(address, commands);
  }

  /** Fails everything under way. */
  close(): void {
    for (const pending of [...this.#pending.values()]) this.#finish(pending, new ConfabError("unavailable"));
  }

  #ownerOf({ command }: Pending): OwnerRecord | undefined {
    return this.outside.ownerOf(slotOf(command.channelId));
  }

  #route(pending: Pending, now: number): void {
    const owner = this.#ownerOf(pending);
    if (!owner) return this.#retryLater(pending, now);
    pending.command.epoch = owner.epoch;
    if (pending.tries > 0) pending.command.firstAttempt = false;
    pending.tries++;
    pending.sentTo = owner.address;
    pending.next = now + silenceMsMax;
    const outbox = this.#outboxes.get(owner.address) ?? [];
    outbox.push({ ...pending.command });
    this.#outboxes.set(owner.address, outbox);
    this.outside.flushSoon();
  }

  #retryLater(pending: Pending, now: number): void {
    const wait = Math.min(retryMsMax, retryMsMin * 2 ** Math.min(pending.tries, 10));
    pending.sentTo = undefined;
    pending.next = now + wait * (0.5 + this.outside.random() / 2);
  }

  #finish(pending: Pending, outcome: Position | ConfabError): void {
    this.#pending.delete(pending.command.number);
    pending.done(outcome);
  }

  #sweepLater(): void {
    if (this.#sweeping) return;
    this.#sweeping = true;
    this.outside.later(sweepMs, (now) => {
      this.#sweeping = false;
      this.#sweep(now);
      if (this.#pending.size > 0) this.#sweepLater();
    });
  }

  #sweep(now: number): void {
    for (const pending of this.#pending.values()) {
      if (now >= pending.deadline) this.#finish(pending, new ConfabError("deadline_exceeded"));
    }
    this.#routeAgain(({ next }) => now >= next, now);
  }

  /**
   * Commands of one channel are sent again in the order in which they came: a later one waits until what came
   * of an earlier one is known, or goes in one frame with it, so that an owner takes either both or none.
   */
  #routeAgain(isDue: (pending: Pending) => boolean, now: number): void {
    const held = new Set<string>();
    const sent = new Set<string>();
    for (const pending of this.#pending.values()) {
      const { channelId } = pending.command;
      if (held.has(channelId)) continue;
      if (isDue(pending) || (pending.sentTo === undefined && sent.has(channelId))) {
        this.#route(pending, now);
        sent.add(channelId);
      } else held.add(channelId);
    }
  }
}
