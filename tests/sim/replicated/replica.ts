import type { Change, Mutation } from "./mutation.js";
import { Partition } from "./partition.js";

const nothing = new Partition();

/** One of the machines that hold the data. */
export class Replica {
  readonly #partitions = new Map<string, Partition>();

  apply({ partition, changes }: Pick<Mutation, "partition" | "changes">): void {
    for (const change of changes) this.#applyOne(partition, change);
  }

  /** The rows of a table in a partition. */
  find(table: string, partition: string): Partition {
    return this.#partitions.get(`${table} ${partition}`) ?? nothing;
  }

  #applyOne(partition: string, change: Change): void {
    const name = `${change.table.name} ${partition}`;
    let held = this.#partitions.get(name);
    if (!held) {
      held = new Partition();
      this.#partitions.set(name, held);
    }
    if ("row" in change) held.apply(change.key, change.row);
    else held.applyTombstone(change.tombstone);
  }
}
