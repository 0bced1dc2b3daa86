import { type Ending, Lane, type PipeEnd } from "./lane.js";
import type { Network } from "./network.js";
import type { SimNode } from "./node.js";

/**
 * How long a broken connection takes to be noticed: at once where the peer's machine says so, else by
 * keep-alive.
 */
const noticeMs = { quick: 5, silentLow: 500, silentHigh: 3000, silentChance: 0.15 };

/** The two ends of a pipe: the one that opened it, and the one that accepted it. */
type Side = "opener" | "acceptor";

/**
 * A connection between two processes: ordered both ways until it breaks, then told to both ends, each in
 * its time.
 */
export class Pipe<Up, Down> {
  readonly up: Lane<Up>;
  readonly down: Lane<Down>;
  private readonly forget: (() => void)[] = [];
  private over = false;

  constructor(
    private readonly network: Network,
    readonly opener: SimNode,
    readonly acceptor: SimNode,
  ) {
    const overflowed = () => {
      network.world.coverage.hit("link.overflowed");
      this.break("too much is under way");
    };
    this.up = new Lane(network, opener, acceptor, overflowed);
    this.down = new Lane(network, acceptor, opener, overflowed);
    this.forget.push(opener.onCrash(() => this.break("peer died")));
    this.forget.push(acceptor.onCrash(() => this.break("peer died")));
    this.forget.push(network.register(this));
  }

  /** Breaks both ways: what was sent last may be lost, and the ends learn of it at different times. */
  break(reason: string): void {
    if (this.over) return;
    this.network.world.coverage.hit("link.broken");
    for (const lane of [this.up, this.down]) {
      lane.loseSuffix();
      lane.end({ code: 1006, reason }, this.noticeMs());
    }
    this.finish();
  }

  /** Gives up a connection over which nothing comes any more. */
  sever(reason: string): void {
    if (this.over) return;
    this.network.world.coverage.hit("link.severed");
    for (const lane of [this.up, this.down]) {
      lane.lose(0);
      lane.end({ code: 1006, reason }, this.noticeMs());
    }
    this.finish();
  }

  /** Closes from one end, which gets no more; the other one gets what is under way, or most of it. */
  close(side: Side, ending: Ending): void {
    if (this.over) return;
    const [outgoing, incoming] = side === "opener" ? [this.up, this.down] : [this.down, this.up];
    if (this.network.random.chance(this.network.faults.loseOnClose)) outgoing.loseSuffix();
    outgoing.end(ending, this.network.latency());
    incoming.endHere(ending);
    this.finish();
  }

  /** Begins what the accepting end is told. */
  accept(end: PipeEnd<Up>): void {
    this.up.receive(end);
  }

  private noticeMs(): number {
    const { random } = this.network;
    if (random.chance(noticeMs.silentChance)) return random.between(noticeMs.silentLow, noticeMs.silentHigh);
    return random.fraction() * noticeMs.quick;
  }

  private finish(): void {
    this.over = true;
    for (const forget of this.forget) forget();
  }
}
