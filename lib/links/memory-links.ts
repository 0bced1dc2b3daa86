import type { Clock } from "../clock/clock.js";
import {
  answerOf,
  type CallName,
  type Calls,
  type Link,
  type LinkEnd,
  type Links,
  type Listener,
  type Service,
  type StreamName,
  type Streams,
  Unreachable,
} from "./links.js";
import { MemoryPipe } from "./memory-pipe.js";

/** Links between services of one process. Frames are handed over as they are, at the end of the turn. */
export class MemoryLinks implements Links {
  readonly #services = new Map<string, { service: Service; pipes: Set<MemoryPipe> }>();
  #nextPort = 1;

  constructor(private readonly clock: Clock) {}

  async listen(address: string, service: Service): Promise<Listener> {
    const [host, port] = address.split(":");
    const actual = port === "0" ? `${host}:memory-${this.#nextPort++}` : address;
    if (this.#services.has(actual)) throw new Error(`${actual} is taken`);
    const pipes = new Set<MemoryPipe>();
    this.#services.set(actual, { service, pipes });
    const close = async () => {
      this.#services.delete(actual);
      for (const pipe of [...pipes]) pipe.close("the service closed");
    };
    return { address: actual, close };
  }

  open<Name extends StreamName>(
    address: string,
    name: Name,
    end: LinkEnd<Streams[Name]["down"]>,
  ): Link<Streams[Name]["up"]> {
    const pipe = new MemoryPipe(this.clock);
    const [near, far] = pipe.ends<Streams[Name]["up"], Streams[Name]["down"]>();
    pipe.attach("near", end);
    this.clock.endOfTurn(() => {
      const host = this.#services.get(address);
      // The key and the types of a service's functions are both made of the stream's name.
      const accept = host?.service[`accept_${name}`] as
        | ((link: Link<Streams[Name]["down"]>) => LinkEnd<Streams[Name]["up"]>)
        | undefined;
      if (!host || !accept) return pipe.close(`nobody offers ${name} at ${address}`);
      host.pipes.add(pipe);
      pipe.onClose(() => host.pipes.delete(pipe));
      pipe.attach("far", accept(far));
    });
    return near;
  }

  call<Name extends CallName>(
    address: string,
    name: Name,
    request: Calls[Name]["request"],
    timeoutMs: number,
  ): Promise<Calls[Name]["response"]> {
    const offered = this.#services.get(address)?.service;
    const answer = offered && answerOf(offered, name);
    if (!answer) return Promise.reject(new Unreachable(`nobody answers ${name} at ${address}`));
    return new Promise((resolve, reject) => {
      const timer = this.clock.after(timeoutMs, () => reject(new Unreachable(`${name} took too long`)));
      const settle = (how: () => void) => {
        timer.cancel();
        how();
      };
      answer(request).then(
        (response) => settle(() => resolve(response)),
        (error: unknown) => settle(() => reject(new Unreachable(`${name} failed`, { cause: error }))),
      );
    });
  }
}
