import type { Append } from "../../../lib/store/log-store.js";
import type { Key, RangeTombstone } from "./partition.js";
import type { Row } from "./row.js";
import type { Table } from "./table.js";

/** A change of one row, or the deletion of some. */
export type Change = { readonly table: Table } & (
  | { readonly key: Key; readonly row: Row }
  | { readonly tombstone: RangeTombstone }
);

/** What a replica applies as a whole: changes of one partition, of several tables that share its key. */
export interface Mutation {
  /** Names the partition. */
  readonly partition: string;
  readonly changes: readonly Change[];
  /** The rows of a log that come with it, for those who watch. */
  readonly append?: Append | undefined;
}
