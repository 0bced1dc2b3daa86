import { readFile } from "node:fs/promises";
import type { Command, CommandFrame } from "../gen/confab/mesh/v1/write.js";
import { systemClock } from "../lib/clock/system-clock.js";
import { GrpcLinks } from "../lib/links/grpc-links.js";
import type { Link, Links, Service } from "../lib/links/links.js";
import { MemoryLinks } from "../lib/links/memory-links.js";
import type { Identity } from "../lib/tls/identity.js";
import { DevelopmentAuthority } from "../tools/certificates/authority.js";
import type { Bench, Outcome, Rounds } from "./bench.js";

/** Frames, or calls, that have no answer yet. */
const underWay = 64;
const ignore = () => {};
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** What links carry, of each kind in turn, both ends in this process. */
export const links: Bench<"rounds" | "frames" | "batch" | "calls"> = {
  name: "links",
  about: "commands and calls between services: in memory, over gRPC, and over gRPC with mutual TLS",
  flags: {
    rounds: { standard: 3, about: "how often each is measured" },
    frames: { standard: 5000, about: "frames of one command a round; a tenth as many of a batch" },
    batch: { standard: 64, about: "commands of a batch" },
    calls: { standard: 1000, about: "calls a round" },
  },
  async run({ folder, progress }, { rounds: count, frames, batch, calls }) {
    const rounds: Rounds = {};
    const faults = { lost: 0 };
    const identity = await makeIdentity(folder);
    const note = (name: string, value: number) => {
      rounds[name] ??= [];
      rounds[name].push(value);
      return value;
    };
    for (let round = 1; round <= count; round++) {
      progress(`round ${round} of ${count}`);
      const memory = await measure(new MemoryLinks(systemClock), "memory:0");
      const plain = await measureGrpc(undefined);
      const tls = await measureGrpc(identity);
      for (const [kind, measured] of Object.entries({ memory, plain, tls })) {
        for (const [name, value] of Object.entries(measured)) note(`${kind}${name}PerSecond`, value);
      }
      note("plainBatchedToMemory", plain.BatchedCommands / memory.BatchedCommands);
      note("tlsBatchedToPlain", tls.BatchedCommands / plain.BatchedCommands);
    }
    return { rounds, faults } satisfies Outcome;

    async function measureGrpc(by: Identity | undefined) {
      const grpc = new GrpcLinks({ clock: systemClock, identity: by, log });
      try {
        return await measure(grpc, "127.0.0.1:0");
      } finally {
        grpc.close();
      }
    }

    async function measure(over: Links, address: string) {
      const listener = await over.listen(address, answering);
      const singly = await exchange(over, listener.address, frames, 1);
      const batched = await exchange(over, listener.address, Math.ceil(frames / 10), batch);
      const asked = await ask(over, listener.address, calls);
      await listener.close();
      faults.lost += singly.lost + batched.lost;
      return { SingleCommands: singly.perSecond, BatchedCommands: batched.perSecond, Calls: asked };
    }
  },
};

/** Answers every command by its number. */
const answering: Service = {
  accept_commands: (link) => ({
    received: ({ commands }) =>
      link.send({ results: commands.map(({ number }) => ({ number, outcome: undefined })) }),
    closed: ignore,
  }),
  answer_ask: async () => ({ outcome: undefined }),
};

/** Sends so many frames, with a bound on those without an answer. */
function exchange(over: Links, address: string, frames: number, batch: number) {
  return new Promise<{ perSecond: number; lost: number }>((resolve) => {
    const began = performance.now();
    let [sent, answered] = [0, 0];
    const finish = () => {
      const perSecond = (answered * 1000) / (performance.now() - began);
      resolve({ perSecond, lost: frames * batch - answered });
    };
    const link: Link<CommandFrame> = over.open(address, "commands", {
      received: ({ results }) => {
        answered += results.length;
        if (sent < frames) sendNext();
        else if (answered === frames * batch) link.close("done");
      },
      closed: finish,
    });
    const sendNext = () => {
      const first = sent++ * batch;
      link.send({ commands: Array.from({ length: batch }, (_, i) => post(first + i)) });
    };
    while (sent < Math.min(underWay, frames)) sendNext();
  });
}

function post(number: number): Command {
  const text = "a message of an ordinary length, as people write them all day long";
  const value = { clientMsgId: `message-${number}`, text, parentId: 0, broadcast: false };
  const common = { number, channelId: "C0123456789AB", epoch: 1_700_000_000_000, author: "U0123456789AB" };
  return {
    ...common,
    firstAttempt: true,
    deadlineUs: 1_700_000_000_000_000,
    action: { $case: "post", value },
  };
}

async function ask(over: Links, address: string, calls: number): Promise<number> {
  const request = { channelId: "C0123456789AB", epoch: 1, reader: "U0123456789AB", minSeq: 0 };
  const began = performance.now();
  let left = calls;
  const askOn = async () => {
    while (left-- > 0) await over.call(address, "ask", { ...request, question: undefined }, 10_000);
  };
  await Promise.all(Array.from({ length: underWay }, askOn));
  return (calls * 1000) / (performance.now() - began);
}

async function makeIdentity(folder: string): Promise<Identity> {
  const authority = await DevelopmentAuthority.open(folder);
  const { certificate, key } = await authority.issue("channel", ["channel.confab"]);
  const read = (file: string) => readFile(file);
  return {
    authority: await read(authority.file),
    certificate: await read(certificate),
    key: await read(key),
  };
}
