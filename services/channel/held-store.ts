import type { ChannelId, UserId } from "../../lib/ids/ids.js";
import type { Append, BucketEntry } from "../../lib/store/log-store.js";
import type {
  Done,
  KeyToFind,
  MessageToFind,
  PageToRead,
  ProjectionWork,
  RangeToRead,
  RepliesToFind,
  StoreFailure,
  StoreWork,
} from "./core/store-work.js";

/** What a store operation was asked; each has its own part of this. */
export interface Asked {
  readonly channel?: ChannelId;
  readonly entry?: BucketEntry;
  readonly append?: Append;
  readonly key?: KeyToFind;
  readonly page?: RangeToRead;
  readonly work?: ProjectionWork;
}

/** A store operation without an answer yet. */
export interface Held extends Asked {
  readonly name: keyof StoreWork;
  /** Carries it out and answers. */
  release(): Promise<void>;
  /** Answers with a failure; an unknown one may have taken effect. */
  fail(failure: StoreFailure, tookEffect?: boolean): Promise<void>;
}

/** A store for tests: every operation waits until the test says what becomes of it. */
export class HeldStore implements StoreWork {
  readonly held: Held[] = [];

  constructor(
    private readonly worker: StoreWork,
    private readonly now: () => number,
  ) {}

  find(channel: ChannelId, done: Parameters<StoreWork["find"]>[1]): void {
    this.#hold("find", { channel }, done, (answer) => this.worker.find(channel, answer));
  }

  listBucket(channel: ChannelId, entry: BucketEntry, done: Done<void>): void {
    const run = (answer: Done<void>) => this.worker.listBucket(channel, entry, answer);
    this.#hold("listBucket", { channel, entry }, done, run);
  }

  append(append: Append, done: Done<void>): void {
    const { channel } = append;
    this.#hold("append", { channel, append }, done, (answer) => this.worker.append(append, answer));
  }

  findKey(channel: ChannelId, key: KeyToFind, done: Parameters<StoreWork["findKey"]>[2]): void {
    this.#hold("findKey", { channel, key }, done, (answer) => this.worker.findKey(channel, key, answer));
  }

  readPage(channel: ChannelId, page: PageToRead, done: Parameters<StoreWork["readPage"]>[2]): void {
    this.#hold("readPage", { channel, page }, done, (answer) => this.worker.readPage(channel, page, answer));
  }

  readAnnotations(
    channel: ChannelId,
    page: RangeToRead,
    done: Parameters<StoreWork["readAnnotations"]>[2],
  ): void {
    const run = (answer: typeof done) => this.worker.readAnnotations(channel, page, answer);
    this.#hold("readAnnotations", { channel, page }, done, run);
  }

  findMessage(
    channel: ChannelId,
    message: MessageToFind,
    done: Parameters<StoreWork["findMessage"]>[2],
  ): void {
    const run = (answer: typeof done) => this.worker.findMessage(channel, message, answer);
    this.#hold("findMessage", { channel }, done, run);
  }

  findReplies(
    channel: ChannelId,
    replies: RepliesToFind,
    done: Parameters<StoreWork["findReplies"]>[2],
  ): void {
    const run = (answer: typeof done) => this.worker.findReplies(channel, replies, answer);
    this.#hold("findReplies", { channel }, done, run);
  }

  readDeletions(channel: ChannelId, limit: number, done: Parameters<StoreWork["readDeletions"]>[2]): void {
    const run = (answer: typeof done) => this.worker.readDeletions(channel, limit, answer);
    this.#hold("readDeletions", { channel }, done, run);
  }

  project(channel: ChannelId, work: ProjectionWork, done: Done<void>): void {
    const run = (answer: Done<void>) => this.worker.project(channel, work, answer);
    this.#hold("project", { channel, work }, done, run);
  }

  readUserChannels(user: UserId, done: Parameters<StoreWork["readUserChannels"]>[1]): void {
    const run = (answer: typeof done) => this.worker.readUserChannels(user, answer);
    this.#hold("readUserChannels", { channel: user }, done, run);
  }

  confirm(done: Done<void>): void {
    this.#hold("confirm", {}, done, (answer) => this.worker.confirm(answer));
  }

  #hold<Value>(
    name: keyof StoreWork,
    asked: Asked,
    done: Done<Value>,
    run: (answer: Done<Value>) => void,
  ): void {
    const end = (answer: () => void) => {
      const at = this.held.indexOf(held);
      if (at < 0) throw new Error(`${name} was answered before`);
      this.held.splice(at, 1);
      answer();
    };
    const carryOut = () => new Promise<Parameters<Done<Value>>[0]>((resolve) => run(resolve));
    const held: Held = {
      ...asked,
      name,
      release: async () => {
        const outcome = await carryOut();
        end(() => done(outcome, this.now()));
      },
      fail: async (failure, tookEffect = false) => {
        if (tookEffect) await carryOut();
        end(() => done({ failure }, this.now()));
      },
    };
    this.held.push(held);
  }
}
