import type { Random } from "../random.js";
import { type Cluster, quorum } from "./cluster.js";
import { type Page, Query } from "./reading.js";

/** Reads a quorum at once, another one each time. */
export class ReplicaReader {
  private readonly random: Random;

  constructor(private readonly cluster: Cluster) {
    this.random = cluster.world.random("replica reader");
  }

  async execute(query: string, params: readonly unknown[], options: object): Promise<Page> {
    const asked = new Query({ query, params }, options);
    const found = pickSome(this.cluster.replicas, quorum, this.random).map((one) => asked.readAt(one));
    return asked.answer(found).page;
  }

  async shutdown(): Promise<void> {}
}

/** So many of several, in any order. */
export function pickSome<One>(all: readonly One[], count: number, random: Random): One[] {
  const left = [...all];
  return Array.from({ length: count }, () => left.splice(random.below(left.length), 1)[0]!);
}
