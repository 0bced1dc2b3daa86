import type { RelatedRange, RelatedRow } from "../projection-store.js";
import { afterWrite } from "./all-written.js";
import { type CqlValue, integerValue, numberOf, textValue } from "./columns.js";
import type { Requests, WriteStatement } from "./requests.js";
import { relatedColumns } from "./tables.js";

/** So many places of a channel's log are one block of replies, or of edits, of one message. */
const blockSeqs = 8192;
/** One block of deletions is an hour, in µs. */
const blockUs = 3600 * 1_000_000;

/**
 * What is related to a message, in blocks that are partitions, with an index of the blocks that there are. A
 * reply or an edit lies by its own place in the log, of which a block has no more than it has places; ids
 * rise with places. A deletion lies by its time, for its place is the deleted message's.
 */
export class RelatedTable {
  readonly #queries;

  constructor(
    private readonly requests: Requests,
    keyspace: string,
  ) {
    this.#queries = queriesOf(keyspace);
  }

  /** Writes the rows and then lists their blocks, so that no block is listed whose rows are to come. */
  async write(rows: readonly RelatedRow[]): Promise<void> {
    const blocks = rows.map((row) => this.#putBlock(row));
    await this.requests.writeRows(
      "relate",
      rows.map((row) => this.#put(row)),
    );
    await afterWrite(() => this.requests.writeRows("relate", blocks));
  }

  async read(range: RelatedRange, begun: () => void): Promise<RelatedRow[]> {
    if (range.limit <= 0) return [];
    const blocks = await this.#blocks(range, begun);
    if (range.downward) blocks.reverse();
    const found: RelatedRow[] = [];
    const first = range.downward ? 0 : await this.#firstAfter(range, blocks);
    for (let at = first; at < blocks.length && found.length < range.limit; at++) {
      const rows = await this.#readBlock(range, blocks[at]!, range.limit - found.length);
      found.push(...rows);
      if (range.downward && rows.length === 0 && (await this.#isBelow(range, blocks[at]!))) break;
    }
    return found;
  }

  /** Ascending; of deletions only those that may have ids above `after`. */
  async #blocks(range: RelatedRange, begun: () => void): Promise<number[]> {
    const from = range.kind === "deletion" ? Math.floor(range.after / blockUs) : 0;
    const statement = { query: this.#queries.findBlocks, params: [...relationOf(range), from] };
    const rows = await this.requests.all("read_related", statement, begun);
    return rows.map((row) => numberOf(row.block));
  }

  /** Which of the blocks is the first with an id above `after`, by halving. */
  async #firstAfter(range: RelatedRange, blocks: readonly number[]): Promise<number> {
    let [low, high] = [0, range.after > 0 ? blocks.length - 1 : 0];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const filled = await this.#lastFilled(range, blocks.slice(low, middle + 1));
      if (filled && filled.newest > range.after) high = low + filled.at;
      else low = middle + 1;
    }
    return low;
  }

  /** The last of the blocks that has rows, and its highest id. */
  async #lastFilled(range: RelatedRange, blocks: readonly number[]) {
    for (let at = blocks.length - 1; at >= 0; at--) {
      const newest = await this.#newestOf(range, blocks[at]!);
      if (newest !== undefined) return { at, newest };
    }
    return undefined;
  }

  /** Whether a block has rows, and none above `after`: then older blocks have none either. */
  async #isBelow(range: RelatedRange, block: number): Promise<boolean> {
    const newest = await this.#newestOf(range, block);
    return newest !== undefined && newest <= range.after;
  }

  /** The highest id of a block; undefined if it has none, as a listed one may. */
  async #newestOf(range: RelatedRange, block: number): Promise<number | undefined> {
    const [newest] = await this.#readBlock({ ...range, after: 0, downward: true }, block, 1);
    return newest?.id;
  }

  #putBlock(row: RelatedRow): WriteStatement {
    const params = [...relationOf(row), blockOf(row), integerValue(row.written)];
    return { query: this.#queries.putBlock, params, partition: `blocks ${nameOf(row)}` };
  }

  #put(row: RelatedRow): WriteStatement {
    const block = blockOf(row);
    const params = [block, ...relatedColumns.values(row), row.written];
    return { query: this.#queries.put, params, partition: `related ${nameOf(row)} ${block}` };
  }

  async #readBlock(range: RelatedRange, block: number, limit: number): Promise<RelatedRow[]> {
    const query = range.downward ? this.#queries.findDownward : this.#queries.findUpward;
    const params = [...relationOf(range), block, integerValue(range.after), limit];
    return (await this.requests.all("read_related", { query, params })).map((row) => relatedColumns.row(row));
  }
}

function blockOf({ kind, seq, id }: RelatedRow): number {
  return kind === "deletion" ? Math.floor(id / blockUs) : Math.floor(seq / blockSeqs);
}

function nameOf({ channel, target, kind }: RelatedRow): string {
  return `${channel} ${target} ${kind}`;
}

function relationOf({ channel, target, kind }: Pick<RelatedRow, "channel" | "target" | "kind">): CqlValue[] {
  return [textValue(channel), integerValue(target), kind];
}

function queriesOf(keyspace: string) {
  const relation = "channel_id = ? AND target = ? AND kind = ?";
  const select = `SELECT ${relatedColumns.names} FROM ${keyspace}.related
    WHERE ${relation} AND block = ? AND id > ?`;
  return {
    putBlock: `INSERT INTO ${keyspace}.related_blocks (channel_id, target, kind, block)
      VALUES (?, ?, ?, ?) USING TIMESTAMP ?`,
    put: `INSERT INTO ${keyspace}.related (block, ${relatedColumns.names})
      VALUES (?, ${relatedColumns.marks}) USING TIMESTAMP ?`,
    findBlocks: `SELECT block FROM ${keyspace}.related_blocks WHERE ${relation} AND block >= ?`,
    // The limit is an int: more than it holds is never asked for.
    findUpward: `${select} LIMIT ?`,
    findDownward: `${select} ORDER BY id DESC LIMIT ?`,
  };
}
