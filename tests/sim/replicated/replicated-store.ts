import type { Client } from "cassandra-driver";
import type { Clock } from "../../../lib/clock/clock.js";
import type { ChannelId } from "../../../lib/ids/ids.js";
import { CassandraStore } from "../../../lib/store/cassandra/cassandra-store.js";
import { Requests } from "../../../lib/store/cassandra/requests.js";
import { type Append, type BucketEntry, Fenced } from "../../../lib/store/log-store.js";
import type { SimNode } from "../node.js";
import type { WriteLedger } from "../write-ledger.js";
import type { Cluster } from "./cluster.js";
import { SimDriver } from "./driver.js";
import { ReplicaReader } from "./replica-reader.js";

/** Any name: there is one keyspace. */
const keyspace = "confab";

/** The store of a process: that for Cassandra itself, on a driver that speaks to simulated replicas. */
export class ReplicatedStore extends CassandraStore {
  constructor(
    private readonly node: SimNode,
    clock: Clock,
    cluster: Cluster,
    private readonly ledger?: WriteLedger,
  ) {
    const driver = new SimDriver(node, clock, cluster);
    const now = () => clock.now();
    super(new Requests(driver as unknown as Client, undefined, now), keyspace, clock);
  }

  override append(incarnation: string, append: Append): Promise<void> {
    const write = this.noting(super.append(incarnation, append));
    return this.ledger?.during(incarnation, append.channel, write) ?? write;
  }

  override listBucket(incarnation: string, channel: ChannelId, entry: BucketEntry): Promise<void> {
    const write = super.listBucket(incarnation, channel, entry);
    return this.ledger?.during(incarnation, channel, write) ?? write;
  }

  override confirm(incarnation: string): Promise<void> {
    return this.noting(super.confirm(incarnation));
  }

  private async noting(outcome: Promise<void>): Promise<void> {
    try {
      await outcome;
    } catch (error) {
      if (error instanceof Fenced) this.node.world.coverage.hit("store.fenced");
      throw error;
    }
  }
}

/**
 * A store that reads at once from two replicas or others, and repairs none: what any reader is left with.
 * Nothing can be written to it.
 */
export function auditorOf(cluster: Cluster): CassandraStore {
  const reader = new ReplicaReader(cluster) as unknown as Client;
  const turn = { endOfTurn: (call: () => void) => call() };
  return new CassandraStore(new Requests(reader, undefined, () => 0), keyspace, turn);
}
