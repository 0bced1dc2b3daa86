import { isDeepStrictEqual } from "node:util";
import type { types } from "cassandra-driver";
import type { Log } from "../../log/log.js";
import { afterWrite } from "./all-written.js";
import type { Columns, CqlValue } from "./columns.js";
import type { Requests } from "./requests.js";

/** How often the making of a row begins anew because others change what it is about. */
const triesMax = 8;

/** Names one row: what of it stands in a condition, and its parameters. */
export interface Key {
  readonly condition: string;
  readonly params: readonly CqlValue[];
}

/** How rows of a kind are kept by their key and claimed by their name. */
export interface Claims<Row> {
  /** Table of the rows by their key. */
  readonly table: string;
  /** Table of the rows by their name, whose row has everything besides. */
  readonly names: string;
  /** Columns of the names' table besides the rows' own, and what they hold. */
  readonly extra: readonly { readonly column: string; of(row: Row): CqlValue }[];
  keyOf(row: Row): Key;
  /** Undefined if the row has no name. */
  nameOf(row: Row): Key | undefined;
  /** The condition of the names that must hold for an older row of the key to be replaced. */
  readonly namedBy: (row: Row) => Key;
}

/**
 * Rows that are unique by their key and by their name. The row of the key is written first; who then writes
 * the row of the name, if it is absent, has made the row: that decides, and is never undone. Before it the
 * row is invisible. A row whose name went to another can never be made and may be replaced; one whose name is
 * still free is made by whoever meets it, for its maker may be dead.
 */
export class ClaimedTable<Row extends object> {
  readonly #queries;

  constructor(
    private readonly requests: Requests,
    private readonly columns: Columns<Row>,
    private readonly claims: Claims<Row>,
    private readonly log?: Log,
  ) {
    this.#queries = queriesOf(columns, claims);
  }

  /**
   * Makes the row if neither key nor name is taken; tells whether it is made. Rejects with `NotWritten` only
   * if the first step was not written: from then on anybody may make the row.
   */
  async create(row: Row): Promise<boolean> {
    const first = await this.#insertByKey(row);
    return afterWrite(() => this.#goOn(row, first));
  }

  async #goOn(row: Row, first: Row | undefined): Promise<boolean> {
    let present = first;
    for (let tries = 1; present && !isDeepStrictEqual(present, row); tries++) {
      if (await this.#holdsItsName(present)) return false;
      if (tries === triesMax) throw new Error("a row of the directory is changed by too many at once");
      await this.#replace(present, row);
      present = await this.#insertByKey(row);
    }
    if (!(await this.#holdsItsName(row))) return false;
    await this.#markMade(row);
    return true;
  }

  async find(key: Key): Promise<Row | undefined> {
    const query = `${this.#queries.select}, made FROM ${this.claims.table} WHERE ${key.condition}`;
    const found = (await this.requests.all("find", { query, params: key.params }))[0];
    if (!found) return undefined;
    const row = this.columns.row(found);
    const name = this.claims.nameOf(row);
    if (!name || found.made === true) return row;
    const holder = await this.findByName(name);
    return holder && this.#isSame(holder, row) ? row : undefined;
  }

  async findByName(name: Key): Promise<Row | undefined> {
    const query = `${this.#queries.select} FROM ${this.claims.names} WHERE ${name.condition}`;
    const found = (await this.requests.all("find", { query, params: name.params }))[0];
    return found && this.columns.row(found);
  }

  /** The row that has the key, if it was there before. */
  async #insertByKey(row: Row): Promise<Row | undefined> {
    const statement = { query: this.#queries.insert, params: this.columns.values(row) };
    return this.#presentOf(await this.requests.conditional("create", statement));
  }

  /** Claims the name of a row whose key is its own; tells whether the row has it. */
  async #holdsItsName(row: Row): Promise<boolean> {
    if (!this.claims.nameOf(row)) return true;
    const extra = this.claims.extra.map(({ of }) => of(row));
    const statement = { query: this.#queries.claim, params: [...this.columns.values(row), ...extra] };
    const holder = this.#presentOf(await this.requests.conditional("create", statement));
    return !holder || this.#isSame(holder, row);
  }

  /** Replaces a row that can never be made, unless somebody else did. */
  async #replace(dead: Row, row: Row): Promise<void> {
    const name = this.claims.namedBy(dead);
    const key = this.claims.keyOf(row);
    const query = `DELETE FROM ${this.claims.table} WHERE ${key.condition} IF ${name.condition}`;
    await this.requests.conditional("create", { query, params: [...key.params, ...name.params] });
  }

  /** Spares readers the look at the name, and no more: the row is made without it. */
  async #markMade(row: Row): Promise<void> {
    if (!this.claims.nameOf(row)) return;
    const { condition, params } = this.claims.keyOf(row);
    const query = `UPDATE ${this.claims.table} SET made = true WHERE ${condition}`;
    try {
      await this.requests.write("create", [{ query, params }]);
    } catch (error) {
      this.log?.warn({ error }, "a row of the directory could not be marked as made");
    }
  }

  #presentOf(result: types.ResultSet): Row | undefined {
    return result.wasApplied() ? undefined : this.columns.row(result.first());
  }

  #isSame(one: Row, other: Row): boolean {
    return isDeepStrictEqual(this.claims.keyOf(one), this.claims.keyOf(other));
  }
}

function queriesOf<Row extends object>(columns: Columns<Row>, { table, names, extra }: Claims<Row>) {
  const all = [columns.names, ...extra.map(({ column }) => column)].join(", ");
  const marks = [columns.marks, ...extra.map(() => "?")].join(", ");
  return {
    select: `SELECT ${columns.names}`,
    insert: `INSERT INTO ${table} (${columns.names}) VALUES (${columns.marks}) IF NOT EXISTS`,
    claim: `INSERT INTO ${names} (${all}) VALUES (${marks}) IF NOT EXISTS`,
  };
}
