import { type ChannelId, type Position, parseUserId, type Seq, type UserId } from "../../../lib/ids/ids.js";
import type { MembershipChange } from "./membership.js";
import type { Projector } from "./projector.js";
import type { Outside } from "./store-work.js";

/** How many users of one channel are told at a time. */
const toldAtOnceMax = 16;
/** With more untold changes of membership than this, further ones wait; nothing else does. */
const untoldChangesMax = 256;
/** Wait before a user is told again who could not be told, in ms. */
const retryMs = 200;

/**
 * Tells users on their own channels when they became members of a conversation or stopped being members:
 * after the lists of their conversations show it, one event after the other, until each is stored there. How
 * far that has got goes into the log's rows, so that the next owner goes on from there; it tells each user
 * only their latest change, as that is all that counts.
 */
export class Teller {
  readonly #pending: MembershipChange[] = [];
  #running = false;
  #closed = false;

  constructor(
    private readonly channel: ChannelId,
    private readonly outside: Pick<Outside, "tell" | "later">,
    private readonly projector: Pick<Projector, "whenProjected">,
    /** Called when changes that had to wait may have to no longer. */
    private readonly caughtUp: (now: number) => void,
  ) {}

  /** Takes in confirmed changes, in their order. */
  add(changes: readonly MembershipChange[]): void {
    this.#pending.push(...changes);
    this.#next();
  }

  /** Of everything up to this `seq` users have been told. */
  told(tail: Position): Seq {
    const next = this.#pending[0];
    return next ? next.seq - 1 : tail.seq;
  }

  get isTooFarBehind(): boolean {
    return this.#pending.length > untoldChangesMax;
  }

  close(): void {
    this.#closed = true;
  }

  #next(): void {
    const change = this.#pending[0];
    if (!change || this.#running) return;
    this.#running = true;
    this.projector.whenProjected(change.seq, () => this.#tell(change));
  }

  #tell(change: MembershipChange): void {
    const users = change.users.map(parseUserId).filter((user) => user !== undefined);
    let untold = users.length;
    if (untold === 0) return this.outside.later(0, (now) => this.#toldAll(now));
    const oneMore = () => {
      const user = users.pop();
      if (user) this.#tellUser(user, change, told);
    };
    const told = (now: number) => {
      untold--;
      if (untold === 0) this.#toldAll(now);
      else oneMore();
    };
    for (let i = Math.min(toldAtOnceMax, untold); i > 0; i--) oneMore();
  }

  #tellUser(user: UserId, change: MembershipChange, told: (now: number) => void): void {
    const notice = { channelId: this.channel, seq: change.seq, joined: change.joined };
    this.outside.tell(user, notice, (stored, now) => {
      if (this.#closed) return;
      if (stored) told(now);
      else this.outside.later(retryMs, () => !this.#closed && this.#tellUser(user, change, told));
    });
  }

  #toldAll(now: number): void {
    this.#pending.shift();
    this.#running = false;
    this.#next();
    this.caughtUp(now);
  }
}
