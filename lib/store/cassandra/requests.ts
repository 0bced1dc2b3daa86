import type { Client, QueryOptions, types } from "cassandra-driver";
import { NotWritten } from "../log-store.js";
import { allWritten } from "./all-written.js";
import { readProfile } from "./client.js";
import type { CqlValue } from "./columns.js";
import { Gate } from "./gate.js";
import { failureOf, type RequestKind } from "./outcome.js";
import { writeChunks } from "./write-chunks.js";

/** Requests that are with the cluster at a time; the others wait here, where that can be seen. */
const underWayMax = 512;
/** Requests that wait; more are turned away. */
const waitingMax = 65_536;

/** Told of each request to the cluster: what for, how it ended, and after how many ms. */
export interface RequestMeter {
  requested(operation: string, outcome: "ok" | "not_written" | "unknown", ms: number): void;
}

/** One statement with its parameters. */
export interface Statement {
  readonly query: string;
  readonly params: readonly CqlValue[];
}

/** A statement that writes, and the name of the one partition that it writes to. */
export interface WriteStatement extends Statement {
  readonly partition: string;
}

/** The rows of a page, and where the next one begins; undefined at the end. */
export interface RowPage {
  readonly rows: types.Row[];
  readonly next: string | undefined;
}

/** Sends statements to the cluster, so many at a time, and tells how each ended. */
export class Requests {
  readonly #gate = new Gate(underWayMax, waitingMax);
  #sent = 0;
  #closing: Promise<void> | undefined;
  #idle: () => void = () => {};

  constructor(
    private readonly client: Client,
    private readonly meter?: RequestMeter,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Requests sent so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Requests that wait or are under way. */
  get waiting(): number {
    return this.#gate.size;
  }

  /**
   * One page of what is found.
   * @param begun is called when the query begins
   */
  async page(
    operation: string,
    { query, params }: Statement,
    options: QueryOptions = {},
    begun: () => void = () => {},
  ): Promise<RowPage> {
    const { rows, pageState } = await this.#request("read", operation, () => {
      begun();
      const read = { prepare: true, isIdempotent: true, executionProfile: readProfile };
      return this.client.execute(query, [...params], { ...read, ...options });
    });
    return { rows, next: pageState ?? undefined };
  }

  /** All that is found. */
  async all(operation: string, statement: Statement, begun?: () => void): Promise<types.Row[]> {
    const rows: types.Row[] = [];
    let next: string | undefined;
    do {
      const page = await this.page(
        operation,
        statement,
        next === undefined ? {} : { pageState: next },
        begun,
      );
      rows.push(...page.rows);
      next = page.next;
    } while (next !== undefined);
    return rows;
  }

  /**
   * Writes to one partition, all of it or nothing. Rejects with `NotWritten` or with an error that says that
   * the outcome is not known.
   */
  async write(operation: string, statements: readonly Statement[]): Promise<void> {
    const [first] = statements;
    if (!first) return;
    const options = { prepare: true, isIdempotent: false };
    await this.#request("write", operation, () =>
      statements.length === 1
        ? this.client.execute(first.query, [...first.params], options)
        : this.client.batch(
            statements.map(({ query, params }) => ({ query, params: [...params] })),
            { ...options, logged: false },
          ),
    );
  }

  /** Writes rows, each for itself; those of one partition travel together. */
  async writeRows(operation: string, statements: readonly WriteStatement[]): Promise<void> {
    await allWritten(writeChunks(statements).map((chunk) => this.write(operation, chunk)));
  }

  /** A write that takes place only if its condition holds. */
  async conditional(operation: string, { query, params }: Statement): Promise<types.ResultSet> {
    return this.#request("conditional", operation, () =>
      this.client.execute(query, [...params], { prepare: true, isIdempotent: false }),
    );
  }

  /** Takes nothing more and waits for what is under way; safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    if (this.#gate.size > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    await this.client.shutdown();
  }

  async #request<Value>(kind: RequestKind, operation: string, send: () => Promise<Value>): Promise<Value> {
    if (this.#closing) throw new NotWritten("the store is closed");
    if (this.#gate.isFull) throw new NotWritten("too much is waiting for the cluster");
    await this.#gate.enter();
    const began = this.now();
    this.#sent++;
    try {
      const value = await send();
      this.meter?.requested(operation, "ok", this.now() - began);
      return value;
    } catch (error) {
      const failure = failureOf(kind, error);
      const outcome = failure instanceof NotWritten ? "not_written" : "unknown";
      this.meter?.requested(operation, outcome, this.now() - began);
      throw failure;
    } finally {
      this.#gate.leave();
      if (this.#gate.size === 0) this.#idle();
    }
  }
}
