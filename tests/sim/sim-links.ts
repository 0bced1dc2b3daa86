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
} from "../../lib/links/links.js";
import { Addresses } from "./addresses.js";
import { copy } from "./copy.js";
import { Dial } from "./dial.js";
import type { PipeEnd } from "./lane.js";
import type { Network } from "./network.js";
import type { SimNode } from "./node.js";
import type { Pipe } from "./pipe.js";

/** What a process offers, and the links that hang on it. */
interface Offered {
  readonly service: Service;
  readonly shut: Set<() => void>;
}

/** All services of a network, by address. */
export type Services = Addresses<Offered>;

/** Makes the table in which processes of one network find each other's services. */
export function makeServices(): Services {
  return new Addresses<Offered>();
}

/** Links of one process over the simulated network. */
export class SimLinks implements Links {
  constructor(
    private readonly network: Network,
    private readonly services: Services,
    private readonly node: SimNode,
  ) {}

  async listen(address: string, service: Service): Promise<Listener> {
    const offered: Offered = { service, shut: new Set() };
    const offering = this.services.claim(this.node, address, offered);
    return {
      address: offering.address,
      close: async () => {
        this.services.release(offering);
        for (const shut of offered.shut) shut();
        offered.shut.clear();
      },
    };
  }

  open<Name extends StreamName>(
    address: string,
    name: Name,
    end: LinkEnd<Streams[Name]["down"]>,
  ): Link<Streams[Name]["up"]> {
    type Up = Streams[Name]["up"];
    type Down = Streams[Name]["down"];
    const find = () => {
      const offering = this.services.find(address);
      if (!offering) return undefined;
      const { node, offer } = offering;
      return { node, accept: (pipe: Pipe<Up, Down>) => acceptStream<Name>(offer, name, pipe) };
    };
    const dial = new Dial<Up, Down>(this.network, this.node, asPipeEnd(end), address, find);
    return { send: (frame) => dial.send(frame), close: (reason) => dial.close({ code: 1000, reason }) };
  }

  call<Name extends CallName>(
    address: string,
    name: Name,
    request: Calls[Name]["request"],
    timeoutMs: number,
  ): Promise<Calls[Name]["response"]> {
    const { network, node } = this;
    const sent = copy(request);
    return new Promise((resolve, reject) => {
      const settle = (settled: () => void) => {
        timer.cancel();
        settled();
      };
      const fail = (why: string) => {
        network.world.coverage.hit("call.unreachable");
        settle(() => reject(new Unreachable(`${name} at ${address}: ${why}`)));
      };
      const timer = node.schedule(timeoutMs, "call times out", () => fail("no answer in time"));
      this.carry(`${node.host} asks ${address}`, () => {
        const target = this.services.find(address);
        if (!target) return node.schedule(network.latency(), "call refused", () => fail("nobody is there"));
        if (network.isBlocked(node, target.node)) return;
        target.node.schedule(0, name, () => {
          const answered = (reply: () => void) =>
            this.carry(`${address} answers ${node.host}`, () => {
              if (!network.isBlocked(target.node, node)) node.schedule(0, "answer", reply);
            });
          answer(target.offer.service, name, sent).then(
            (response) => {
              const received = copy(response);
              answered(() => settle(() => resolve(received)));
              network.world.coverage.hit("call.answered");
            },
            (error: unknown) => answered(() => fail(String(error))),
          );
        });
      });
    });
  }

  /** Brings a question or an answer over the network, mostly. */
  private carry(what: string, arrived: () => void): void {
    const { network } = this;
    if (network.random.chance(network.faults.loseCall)) return;
    network.world.scheduler.schedule(network.latency(), what, arrived);
  }
}

function asPipeEnd<Frame>(end: LinkEnd<Frame>): PipeEnd<Frame> {
  return { received: (frame) => end.received(frame), closed: ({ reason }) => end.closed(reason) };
}

function acceptStream<Name extends StreamName>(
  { service, shut }: Offered,
  name: Name,
  pipe: Pipe<Streams[Name]["up"], Streams[Name]["down"]>,
): PipeEnd<Streams[Name]["up"]> | undefined {
  type Accept = (link: Link<Streams[Name]["down"]>) => LinkEnd<Streams[Name]["up"]>;
  const accept = service[`accept_${name}`] as Accept | undefined;
  if (!accept) return undefined;
  const shutPipe = () => pipe.close("acceptor", { code: 1001, reason: "the listener closed" });
  shut.add(shutPipe);
  const end = accept({
    send: (frame) => pipe.down.send(copy(frame)),
    close: (reason) => pipe.close("acceptor", { code: 1000, reason }),
  });
  return {
    received: (frame) => end.received(frame),
    closed: ({ reason }) => {
      shut.delete(shutPipe);
      end.closed(reason);
    },
  };
}

async function answer<Name extends CallName>(
  service: Service,
  name: Name,
  request: Calls[Name]["request"],
): Promise<Calls[Name]["response"]> {
  const answer = answerOf(service, name);
  if (!answer) throw new Error("not offered here");
  return answer(request);
}
