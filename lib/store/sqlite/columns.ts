import type Database from "libsql";

/** A value that a column of the store's tables can hold. */
export type SqlValue = string | number | Uint8Array;

type Place = string | { readonly flag: string };

/** How the fields of a row lie in the columns of a table; a `flag` is kept as 0 or 1. */
export class Columns<Row extends object> {
  /** Names of the columns, as in a SELECT or INSERT. */
  readonly names: string;
  /** As many question marks. */
  readonly marks: string;
  readonly #fields: readonly [keyof Row & string, Place][];

  constructor(places: { readonly [Field in keyof Row & string]: Place }) {
    this.#fields = Object.entries(places) as [keyof Row & string, Place][];
    this.names = this.#fields.map(([, place]) => (typeof place === "string" ? place : place.flag)).join(", ");
    this.marks = this.#fields.map(() => "?").join(", ");
  }

  values(row: Row): SqlValue[] {
    return this.#fields.map(([field, place]) =>
      typeof place === "string" ? (row[field] as SqlValue) : Number(row[field]),
    );
  }

  row(values: readonly SqlValue[]): Row {
    const fields = this.#fields.map(([field, place], at) => [
      field,
      typeof place === "string" ? values[at] : values[at] === 1,
    ]);
    return Object.fromEntries(fields) as Row;
  }
}

/** A text that would not come back as it was: with a NUL or a lone surrogate. */
const unstorable = /[\0\u{D800}-\u{DFFF}]/u;

/** A prepared statement whose rows are arrays of values. */
export class Statement {
  readonly #statement: Database.Statement<[SqlValue[]]>;

  constructor(database: Database.Database, sql: string) {
    this.#statement = database.prepare<[SqlValue[]]>(sql);
    if (this.#statement.reader) this.#statement.raw();
  }

  /** @returns how many rows were written. */
  run(values: SqlValue[]): number {
    for (const value of values) {
      if (typeof value === "string" && unstorable.test(value)) {
        throw new RangeError("a text has a NUL or a lone surrogate");
      }
    }
    return this.#statement.run(values).changes;
  }

  first(values: SqlValue[]): SqlValue[] | undefined {
    return this.#statement.get(values) as SqlValue[] | undefined;
  }

  all(values: SqlValue[]): SqlValue[][] {
    return this.#statement.all(values) as SqlValue[][];
  }
}

/** Prepares a statement for a database. */
export type Prepare = (sql: string) => Statement;

/** Writes all columns unless the row that is there is at least as new, by the column `age`. */
export function upsert(table: string, columns: string, age: string): string {
  const names = columns.split(", ");
  const marks = names.map(() => "?").join(", ");
  const set = names.map((name) => `${name} = excluded.${name}`).join(", ");
  return `INSERT INTO ${table} (${columns}) VALUES (${marks})
    ON CONFLICT DO UPDATE SET ${set} WHERE excluded.${age} > ${table}.${age}`;
}
