import type { Enlisted } from "../roster-store.js";
import { Columns, textValue } from "./columns.js";
import type { Requests } from "./requests.js";

/** All rows are in one partition: there are as many as channel servers, and a few more. */
const partition = "channel";

const columns = new Columns<Enlisted>({
  incarnation: { text: "incarnation" },
  generation: { text: "generation" },
});

/** The table of lives of channel servers that may own slots. */
export class Roster {
  readonly #table: string;

  constructor(
    private readonly requests: Requests,
    keyspace: string,
  ) {
    this.#table = `${keyspace}.roster`;
  }

  async enlist(enlisted: Enlisted): Promise<void> {
    const query = `INSERT INTO ${this.#table} (kind, ${columns.names}) VALUES (?, ${columns.marks})`;
    const params = [textValue(partition), ...columns.values(enlisted)];
    await this.requests.write("enlist", [{ query, params }]);
  }

  async delist(incarnation: string): Promise<void> {
    const query = `DELETE FROM ${this.#table} WHERE kind = ? AND incarnation = ?`;
    await this.requests.write("delist", [{ query, params: [partition, incarnation].map(textValue) }]);
  }

  async readAll(): Promise<Enlisted[]> {
    const query = `SELECT ${columns.names} FROM ${this.#table} WHERE kind = ?`;
    const rows = await this.requests.all("readRoster", { query, params: [textValue(partition)] });
    return rows.map((row) => columns.row(row));
  }
}
