import { type Columns, type CqlValue, integerValue } from "./columns.js";
import type { Requests, WriteStatement } from "./requests.js";

/** A table of rows that are written under the id of the event behind them. */
export class RowTable<Row extends object> {
  readonly #put: string;
  readonly #select: string;

  /**
   * @param written the id of the event that the row is of
   * @param partition names the partition of a row
   */
  constructor(
    private readonly requests: Requests,
    private readonly table: string,
    private readonly columns: Columns<Row>,
    private readonly written: (row: Row) => number,
    private readonly partition: (row: Row) => string,
  ) {
    this.#put = `INSERT INTO ${table} (${columns.names}) VALUES (${columns.marks}) USING TIMESTAMP ?`;
    this.#select = `SELECT ${columns.names} FROM ${table} WHERE`;
  }

  put(row: Row): WriteStatement {
    const params = [...this.columns.values(row), integerValue(this.written(row))];
    return { query: this.#put, params, partition: `${this.table} ${this.partition(row)}` };
  }

  /** All rows that a condition gives. */
  async find(
    operation: string,
    condition: string,
    params: readonly CqlValue[],
    begun?: () => void,
  ): Promise<Row[]> {
    const statement = { query: `${this.#select} ${condition}`, params };
    return (await this.requests.all(operation, statement, begun)).map((row) => this.columns.row(row));
  }
}
