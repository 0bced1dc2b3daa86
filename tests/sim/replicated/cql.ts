import { type Table, tableNamed, type Value } from "./table.js";

/** A value of a statement: the index of its parameter, or a constant. */
export type Term = { readonly param: number } | { readonly constant: Value };

/** A condition on a column. */
export interface Condition {
  readonly column: string;
  readonly operator: "=" | "<" | "<=" | ">" | ">=";
  readonly term: Term;
}

interface Common {
  readonly table: Table;
  readonly where: readonly Condition[];
}

/** Writes cells; `makesRow`: and that the row is there. */
export interface Put extends Common {
  readonly kind: "put";
  readonly makesRow: boolean;
  readonly cells: readonly { readonly column: string; readonly term: Term }[];
  /** Only if the row is not there. */
  readonly ifAbsent: boolean;
  readonly timestamp: Term | undefined;
}

/** Deletes a row, or some. */
export interface Remove extends Common {
  readonly kind: "remove";
  readonly conditions: readonly Condition[];
  readonly timestamp: Term | undefined;
}

export interface Select extends Common {
  readonly kind: "select";
  /** What is answered, by name; `stamp`: not the value of the column but the timestamp of its write. */
  readonly selected: readonly { readonly name: string; readonly column: string; readonly stamp: boolean }[];
  /** In the order opposite to the table's own. */
  readonly turned: boolean;
  readonly limit: Term | undefined;
}

export type Parsed = Put | Remove | Select;

const known = new Map<string, Parsed>();

/** Parses a statement, of those kinds that the Cassandra store sends. */
export function parse(query: string): Parsed {
  const found = known.get(query) ?? new Parser(query).parse();
  known.set(query, found);
  return found;
}

class Parser {
  readonly #words: readonly string[];
  #at = 0;
  #params = 0;

  constructor(private readonly query: string) {
    this.#words = query.match(/[A-Za-z_][\w.]*|'[^']*'|\d+|<=|>=|[?=<>(),]/g) ?? [];
  }

  parse(): Parsed {
    const verb = this.#next();
    const parsed =
      verb === "INSERT"
        ? this.#insert()
        : verb === "UPDATE"
          ? this.#update()
          : verb === "DELETE"
            ? this.#remove()
            : this.#select();
    if (this.#at !== this.#words.length) throw new Error(`what does this say? ${this.query}`);
    return parsed;
  }

  #insert(): Put {
    this.#expect("INTO");
    const table = this.#table();
    const columns = this.#list();
    this.#expect("VALUES");
    const terms: Term[] = [];
    this.#expect("(");
    do terms.push(this.#term());
    while (this.#take(","));
    this.#expect(")");
    const ifAbsent = this.#take("IF");
    if (ifAbsent) for (const word of ["NOT", "EXISTS"]) this.#expect(word);
    const timestamp = this.#timestamp();
    const keys = new Set([...table.partition, ...table.clustering]);
    const all = columns.map((column, at) => ({ column, term: terms[at]! }));
    const where = all.filter(({ column }) => keys.has(column));
    return {
      ...{ kind: "put", table, makesRow: true, ifAbsent, timestamp },
      where: where.map(({ column, term }) => ({ column, operator: "=", term })),
      cells: all.filter(({ column }) => !keys.has(column)),
    };
  }

  #update(): Put {
    const table = this.#table();
    const timestamp = this.#timestamp();
    this.#expect("SET");
    const cells = this.#conditions(",").map(({ column, term }) => ({ column, term }));
    const where = this.#where();
    return { kind: "put", table, makesRow: false, ifAbsent: false, timestamp, cells, where };
  }

  #remove(): Remove {
    this.#expect("FROM");
    const table = this.#table();
    const timestamp = this.#timestamp();
    const where = this.#where();
    const conditions = this.#take("IF") ? this.#conditions("AND") : [];
    return { kind: "remove", table, timestamp, where, conditions };
  }

  #select(): Select {
    const selected: Select["selected"][number][] = [];
    do selected.push(this.#selected());
    while (this.#take(","));
    this.#expect("FROM");
    const table = this.#table();
    const where = this.#where();
    let direction: string | undefined;
    if (this.#take("ORDER")) {
      this.#expect("BY");
      do {
        this.#next();
        direction = this.#next();
      } while (this.#take(","));
    }
    const limit = this.#take("LIMIT") ? this.#term() : undefined;
    const turned = direction !== undefined && (direction === "DESC") !== table.descending;
    return { kind: "select", table, where, selected, turned, limit };
  }

  #selected(): Select["selected"][number] {
    const name = this.#next();
    if (name !== "WRITETIME") return { name, column: name, stamp: false };
    this.#expect("(");
    const column = this.#next();
    for (const word of [")", "AS"]) this.#expect(word);
    return { name: this.#next(), column, stamp: true };
  }

  #table(): Table {
    const name = this.#next();
    return tableNamed(name.slice(name.indexOf(".") + 1));
  }

  #where(): Condition[] {
    this.#expect("WHERE");
    return this.#conditions("AND");
  }

  #conditions(separator: string): Condition[] {
    const found: Condition[] = [];
    do {
      const column = this.#next();
      const operator = this.#next() as Condition["operator"];
      found.push({ column, operator, term: this.#term() });
    } while (this.#take(separator));
    return found;
  }

  #list(): string[] {
    const names: string[] = [];
    this.#expect("(");
    do names.push(this.#next());
    while (this.#take(","));
    this.#expect(")");
    return names;
  }

  #timestamp(): Term | undefined {
    if (!this.#take("USING")) return undefined;
    this.#expect("TIMESTAMP");
    return this.#term();
  }

  #term(): Term {
    const word = this.#next();
    if (word === "?") return { param: this.#params++ };
    if (word === "true" || word === "false") return { constant: word === "true" };
    return { constant: word.startsWith("'") ? word.slice(1, -1) : Number(word) };
  }

  #next(): string {
    return this.#words[this.#at++] ?? "";
  }

  #take(word: string): boolean {
    const takes = this.#words[this.#at] === word;
    if (takes) this.#at++;
    return takes;
  }

  #expect(word: string): void {
    if (!this.#take(word)) throw new Error(`${word} is missing in ${this.query}`);
  }
}
