import type { SimNode } from "./node.js";
import type { Random } from "./random.js";
import type { World } from "./world.js";

/** A connection, as the network sees it. */
interface Connection {
  readonly opener: SimNode;
  readonly acceptor: SimNode;
  break(reason: string): void;
  sever(reason: string): void;
}

/** One direction of a connection, as the network sees it. */
interface Flow {
  pump(): void;
}

/** Probabilities of what a network does of its own accord. */
export interface NetworkFaults {
  /** A connection is refused, for each attempt. */
  refuse: number;
  /** What was sent last is lost, for each closing. */
  loseOnClose: number;
  /** A question or an answer of a call is lost. */
  loseCall: number;
  /** Beyond what links permit, to test that receivers notice; for each frame. */
  drop: number;
  duplicate: number;
  reorder: number;
}

/** A network on which nothing goes wrong. */
const calmNetwork: NetworkFaults = {
  refuse: 0,
  loseOnClose: 0,
  loseCall: 0,
  drop: 0,
  duplicate: 0,
  reorder: 0,
};

/** One-way delay in milliseconds: mostly small, now and then large. */
const latencyMs = { low: 0.1, high: 1, tail: 30, tailChance: 0.02 };
/** After how long a cut connection is given up, in milliseconds. */
const keepAliveMs = { low: 1000, high: 4000 };

/** The network between hosts: delays, partitions, and all connections. */
export class Network {
  faults: NetworkFaults = { ...calmNetwork };
  readonly random: Random;
  private readonly blocked = new Set<string>();
  private readonly pipes = new Set<Connection>();
  private stalled = new Set<Flow>();

  /** @param isMesh whether a host is one between which frames may be mangled; clients' connections may not */
  constructor(
    readonly world: World,
    private readonly isMesh: (host: string) => boolean = () => true,
  ) {
    this.random = world.random("network");
  }

  /** Delay (ms) of the next thing sent. */
  latency(): number {
    const { random } = this;
    return random.between(
      latencyMs.low,
      random.chance(latencyMs.tailChance) ? latencyMs.tail : latencyMs.high,
    );
  }

  /** How long (ms) a host takes to give up another one of which it hears nothing. */
  keepAlive(): number {
    return this.random.between(keepAliveMs.low, keepAliveMs.high);
  }

  /** What becomes of a frame: itself, nothing, or twice itself. */
  mangle<Frame>(frame: Frame, from: SimNode, to: SimNode): Frame[] {
    if (!this.mayMangle(from, to)) return [frame];
    if (this.random.chance(this.faults.drop)) {
      this.world.coverage.hit("frame.dropped");
      return [];
    }
    if (!this.random.chance(this.faults.duplicate)) return [frame];
    this.world.coverage.hit("frame.duplicated");
    return [frame, frame];
  }

  /** Whether the frame sent last overtakes the one before it. */
  reorders(from: SimNode, to: SimNode): boolean {
    return this.mayMangle(from, to) && this.random.chance(this.faults.reorder);
  }

  isBlocked(from: SimNode, to: SimNode): boolean {
    return this.blocked.has(`${from.host}>${to.host}`);
  }

  /** Stops everything from one host to another. Connections between them are given up after a while. */
  block(from: string, to: string): void {
    this.blocked.add(`${from}>${to}`);
    for (const pipe of this.pipes) {
      const hosts = [pipe.opener.host, pipe.acceptor.host];
      if (!hosts.includes(from) || !hosts.includes(to)) continue;
      this.world.scheduler.schedule(this.keepAlive(), "keep-alive", () => {
        const [opener, acceptor] = [pipe.opener, pipe.acceptor];
        if (this.isBlocked(opener, acceptor) || this.isBlocked(acceptor, opener))
          pipe.sever("no sign of life");
      });
    }
  }

  /** Cuts hosts off from all others, both ways. */
  partition(inside: readonly string[], outside: readonly string[]): void {
    for (const one of inside) {
      for (const other of outside) {
        this.block(one, other);
        this.block(other, one);
      }
    }
  }

  /** Ends all partitions; what was stuck goes on. */
  heal(): void {
    this.blocked.clear();
    const { stalled } = this;
    this.stalled = new Set();
    if (stalled.size > 0) this.world.coverage.hit("link.healed", stalled.size);
    for (const lane of stalled) lane.pump();
  }

  /** Breaks one of the connections, if there is one that suits. */
  breakOne(suits: (opener: string, acceptor: string) => boolean = () => true): void {
    const pipes = [...this.pipes].filter(({ opener, acceptor }) => suits(opener.host, acceptor.host));
    if (pipes.length > 0) this.random.pick(pipes).break("broken");
  }

  /** Notes that a direction waits for a partition to end. */
  stall(lane: Flow): void {
    this.world.coverage.hit("link.stalled");
    this.stalled.add(lane);
  }

  /** Adds a connection; returns what takes it away. */
  register(pipe: Connection): () => void {
    this.pipes.add(pipe);
    return () => this.pipes.delete(pipe);
  }

  private mayMangle(from: SimNode, to: SimNode): boolean {
    return this.isMesh(from.host) && this.isMesh(to.host);
  }
}
