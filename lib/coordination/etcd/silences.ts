import type { Clock, Timer } from "../../clock/clock.js";
import type { Log } from "../../log/log.js";

/** How long a watch may hear nothing before operators are told, in ms; its stream is asked every second. */
export const silenceMsMax = 2000;

/** What one watch tells of its etcd. */
export interface Silence {
  /** Something came. */
  heard(): void;
  /** The watch is over. */
  end(): void;
}

/**
 * Tells operators that etcd is silent, and that it is back: once for all watches together, as the servers
 * themselves go on as if nothing were the matter.
 */
export class Silences {
  /** Watches that have heard nothing for too long. */
  readonly #silent = new Set<Silence>();

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Begins to listen for a watch that has just begun. */
  listen(prefix: string): Silence {
    let timer: Timer;
    const arm = () => {
      timer = this.clock.after(silenceMsMax, () => this.#began(silence, prefix));
    };
    const silence: Silence = {
      heard: () => {
        timer.cancel();
        if (this.#silent.delete(silence) && this.#silent.size === 0) {
          this.log.info({ prefix }, "etcd answers all watches again");
        }
        arm();
      },
      end: () => {
        timer.cancel();
        this.#silent.delete(silence);
      },
    };
    arm();
    return silence;
  }

  #began(silence: Silence, prefix: string): void {
    const isFirst = this.#silent.size === 0;
    this.#silent.add(silence);
    const message = "etcd does not answer; who owns what stays as it is until it does";
    if (isFirst) this.log.warn({ prefix, silentMs: silenceMsMax }, message);
  }
}
