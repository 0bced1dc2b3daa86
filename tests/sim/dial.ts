import { copy } from "./copy.js";
import type { Ending, PipeEnd } from "./lane.js";
import type { Network } from "./network.js";
import type { SimNode } from "./node.js";
import { Pipe } from "./pipe.js";

/** What takes a connection at its address; undefined: it does not want it. */
export type Accept<Up, Down> = (pipe: Pipe<Up, Down>) => PipeEnd<Up> | undefined;

/** Finds who listens at the moment when the connection arrives; undefined: nobody. */
export type Find<Up, Down> = () => { readonly node: SimNode; readonly accept: Accept<Up, Down> } | undefined;

/** The end of a connection that was opened here; it can be written to before it is connected. */
export class Dial<Up, Down> {
  private early: Up[] = [];
  private pipe: Pipe<Up, Down> | undefined;
  /** It is not connected and never will be. */
  private failed = false;
  private done = false;

  constructor(
    private readonly network: Network,
    private readonly node: SimNode,
    private readonly end: PipeEnd<Down>,
    host: string,
    find: Find<Up, Down>,
  ) {
    const { scheduler, coverage } = network.world;
    scheduler.schedule(network.latency(), `${node.host} connects to ${host}`, () => {
      if (this.failed || !node.alive) return;
      const target = find();
      if (target && (network.isBlocked(node, target.node) || network.isBlocked(target.node, node))) {
        coverage.hit("link.timed_out");
        this.fail({ code: 1006, reason: "connecting timed out" }, network.keepAlive());
      } else if (!target?.node.alive || network.random.chance(network.faults.refuse)) {
        coverage.hit("link.refused");
        this.fail({ code: 1006, reason: "connection refused" }, network.latency());
      } else this.connect(target.node, target.accept);
    });
  }

  send(frame: Up): void {
    if (this.pipe) this.pipe.up.send(copy(frame));
    else this.early.push(copy(frame));
  }

  close(ending: Ending): void {
    if (this.pipe) this.pipe.close("opener", ending);
    else this.fail(ending, 0);
  }

  /** Lets what comes wait, or go on: an application that does not read. */
  hold(held: boolean): void {
    this.pipe?.down.hold(held);
  }

  private connect(acceptor: SimNode, accept: Accept<Up, Down>): void {
    this.network.world.coverage.hit("link.opened");
    const pipe = new Pipe<Up, Down>(this.network, this.node, acceptor);
    this.pipe = pipe;
    pipe.down.receive({
      received: (frame) => this.end.received(frame),
      closed: (ending) => this.closed(ending),
    });
    acceptor.schedule(0, "accepts", () => {
      const end = accept(pipe);
      if (end) pipe.up.receive(end);
      else pipe.close("acceptor", { code: 1011, reason: "not offered here" });
    });
    for (const frame of this.early) pipe.up.send(frame);
    this.early = [];
  }

  private fail(ending: Ending, delayMs: number): void {
    this.failed = true;
    this.node.schedule(delayMs, "not connected", () => this.closed(ending));
  }

  private closed(ending: Ending): void {
    if (this.done) return;
    this.done = true;
    this.end.closed(ending);
  }
}
