import type { types } from "cassandra-driver";
import { NotWritten } from "../log-store.js";

/** A value as the driver takes it. */
export type CqlValue = string | number | boolean | Buffer;

/** Where a field is kept, and as what. */
type Place =
  | { readonly text: string }
  | { readonly bigint: string }
  | { readonly flag: string }
  | { readonly blob: string };

/** The places that a field of this type may have. */
type PlaceOf<Value> = Value extends string
  ? { readonly text: string }
  : Value extends number
    ? { readonly bigint: string }
    : Value extends boolean
      ? { readonly flag: string }
      : { readonly blob: string };

/** Half of a pair that stands alone: it would be stored as something else. */
const unstorable = /[\u{D800}-\u{DFFF}]/u;

/** Names the columns of a kind of row, and carries rows to and fro. */
export class Columns<Row extends object> {
  readonly #fields: readonly [keyof Row, Place][];
  /** Separated by commas. */
  readonly names: string;
  /** As many question marks. */
  readonly marks: string;

  constructor(places: { readonly [Field in keyof Row]: PlaceOf<Row[Field]> }) {
    this.#fields = Object.entries(places) as [keyof Row, Place][];
    this.names = this.#fields.map(([, place]) => nameOf(place)).join(", ");
    this.marks = this.#fields.map(() => "?").join(", ");
  }

  /**
   * A row as parameters, which share nothing with it.
   * @throws {NotWritten} if a value would not come back as it was.
   */
  values(row: Row): CqlValue[] {
    return this.#fields.map(([field, place]) => parameterOf(place, row[field]));
  }

  row(found: types.Row): Row {
    return Object.fromEntries(this.#fields.map(([field, place]) => [field, read(place, found)])) as Row;
  }
}

function nameOf(place: Place): string {
  return Object.values(place).join();
}

function parameterOf(place: Place, value: unknown): CqlValue {
  if ("text" in place) return textValue(value as string);
  if ("bigint" in place) return integerValue(value as number);
  return "flag" in place ? (value as boolean) : Buffer.from(value as Uint8Array);
}

/** @throws {NotWritten} if the text has a lone surrogate or a NUL. */
export function textValue(text: string): string {
  if (unstorable.test(text) || text.includes("\0")) {
    throw new NotWritten("a text has a NUL or a lone surrogate");
  }
  return text;
}

/** @throws {NotWritten} if the number is not a safe integer. */
export function integerValue(number: number): number {
  if (!Number.isSafeInteger(number)) throw new NotWritten(`${number} is not a whole number that can be kept`);
  return number;
}

function read(place: Place, found: types.Row): unknown {
  const value = found[nameOf(place)];
  if ("bigint" in place) return numberOf(value);
  if ("blob" in place) return new Uint8Array(value);
  return value;
}

/** A bigint that was read; 0 if there is none. */
export function numberOf(value: types.Long | null): number {
  return value === null ? 0 : value.toNumber();
}
