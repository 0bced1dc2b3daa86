import type { ChannelId } from "../../../lib/ids/ids.js";
import type { Append, BucketEntry } from "../../../lib/store/log-store.js";
import type { ConfirmBarrier } from "./confirm-barrier.js";
import type { Done, Outside, StoreFailure } from "./store-work.js";
import { beganAll, type CommandTrace } from "./tracer.js";

/** First and longest wait before a write of unknown outcome is sent again, in ms. */
const retryMsMin = 20;
const retryMsMax = 1000;

/** One write to a channel's log: a bucket to list first, if any, then the rows. */
export interface LogWrite {
  readonly list?: BucketEntry;
  /** The bucket is listed and stays so, whatever becomes of the rows: the events to come belong into it. */
  readonly listed: (entry: BucketEntry) => void;
  readonly append: Append;
  /** The rows are in the log, confirmed. */
  readonly confirmed: (now: number) => void;
  /** No row was or will be written. Never called when `mustSucceed`. */
  readonly notWritten: (now: number) => void;
  /** Retry even what was proved not written. */
  readonly mustSucceed: boolean;
  /** Of the sampled commands that it carries out. */
  readonly traces?: readonly CommandTrace[] | undefined;
}

/** A write in flight. */
export interface WriteUnderWay {
  /** When it was first sent, in ms since the Unix epoch. */
  readonly since: number;
  /** A try of it ended without telling what became of it. */
  inDoubt: boolean;
}

/**
 * Sends a channel's writes one at a time. A write is in flight until it is confirmed, so that the log's
 * tail is a clean prefix; one whose outcome is unknown is sent again with the same bytes until its outcome
 * is known.
 */
export class Appender {
  #under: WriteUnderWay | undefined;
  #closed = false;
  #retryMs = retryMsMin;

  constructor(
    private readonly channel: ChannelId,
    private readonly outside: Outside,
    private readonly barrier: ConfirmBarrier,
    /** Called when a write has come to its end, after those who wait for it were told. */
    private readonly ended: (now: number) => void = () => {},
  ) {}

  /** Nothing may be sent now. */
  get busy(): boolean {
    return this.#under !== undefined;
  }

  /** What is in flight, until it is confirmed or proved not written. */
  get underWay(): Readonly<WriteUnderWay> | undefined {
    return this.#under;
  }

  /** No callback comes after this. */
  close(): void {
    this.#closed = true;
  }

  /** @param now ms since the Unix epoch */
  start(write: LogWrite, now: number): void {
    this.#under = { since: now, inDoubt: false };
    const append = () => {
      this.#attempt(
        write,
        (done) => this.#append(write, done),
        () => this.#confirm(write),
      );
    };
    const { list } = write;
    if (!list) return append();
    const listed = () => {
      write.listed(list);
      append();
    };
    this.#attempt(write, (done) => this.outside.store.listBucket(this.channel, list, done), listed);
  }

  #append({ append, traces }: LogWrite, done: Done<void>): void {
    const ended = beganAll(traces, "append");
    if (!ended) return this.outside.store.append(append, done);
    this.outside.store.append(append, (outcome, now) => {
      ended("failure" in outcome ? outcome.failure : "ok");
      done(outcome, now);
    });
  }

  #confirm({ confirmed, traces }: LogWrite): void {
    const ended = beganAll(traces, "confirm");
    this.barrier.wait((now) => {
      ended?.("ok");
      this.#finish(() => confirmed(now), now);
    });
  }

  /**
   * @param inDoubt an earlier try of the same bytes ended unknown, so that no later answer proves anything
   */
  #attempt(write: LogWrite, send: (done: Done<void>) => void, next: () => void, inDoubt = false): void {
    send((outcome, now) => {
      if (this.#closed) return;
      if ("value" in outcome) {
        this.#retryMs = retryMsMin;
        return next();
      }
      this.#failed(outcome.failure, write, inDoubt, now, (doubt) => this.#attempt(write, send, next, doubt));
    });
  }

  #failed(
    failure: StoreFailure,
    write: LogWrite,
    inDoubt: boolean,
    now: number,
    retry: (inDoubt: boolean) => void,
  ): void {
    if (failure === "fenced") return this.outside.fenced();
    const proved = failure === "notWritten" && !inDoubt;
    if (!proved && this.#under) this.#under.inDoubt = true;
    if (proved && !write.mustSucceed) return this.#finish(() => write.notWritten(now), now);
    this.outside.later(this.#retryMs, () => !this.#closed && retry(!proved));
    this.#retryMs = Math.min(this.#retryMs * 2, retryMsMax);
  }

  #finish(tell: () => void, now: number): void {
    if (this.#closed) return;
    this.#under = undefined;
    tell();
    if (!this.#closed) this.ended(now);
  }
}
