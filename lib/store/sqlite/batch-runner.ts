import Database from "libsql";
import { Fenced } from "../log-store.js";
import {
  type BatchResult,
  type FailureKind,
  type Operations,
  type Outcome,
  type Request,
  writes,
} from "./operations.js";

/** SQLite's result codes of what is wrong with one statement alone: TOOBIG, CONSTRAINT, MISMATCH, RANGE. */
const refusals: ReadonlySet<number> = new Set([18, 19, 20, 25]);

/** Runs batches: all writes in one transaction, in their order, then all reads. */
export class BatchRunner {
  constructor(
    private readonly database: Database.Database,
    private readonly operations: Operations,
  ) {}

  run(batch: readonly Request[]): BatchResult {
    const toWrite = batch.filter(isWrite);
    const written = toWrite.length > 0 ? this.#write(toWrite) : [];
    let next = 0;
    const outcomes = batch.map((request) => (isWrite(request) ? written[next++]! : this.#read(request)));
    return { outcomes, transactions: toWrite.length > 0 ? 1 : 0 };
  }

  /** Nothing is ever committed of a transaction whose COMMIT was not tried, or left the transaction open. */
  #write(batch: readonly Request[]): Outcome[] {
    let outcomes: Outcome[];
    try {
      this.database.exec("BEGIN IMMEDIATE");
      outcomes = batch.map((request) => this.#writeOne(request));
    } catch (error) {
      return this.#rollBack(batch, error);
    }
    try {
      this.database.exec("COMMIT");
      return outcomes;
    } catch (error) {
      if (this.database.inTransaction) return this.#rollBack(batch, error);
      return batch.map(() => failure("unknown", error));
    }
  }

  /** @throws what makes the whole transaction fail. */
  #writeOne(request: Request): Outcome {
    this.database.exec("SAVEPOINT operation");
    try {
      const value = this.#call(request);
      this.database.exec("RELEASE operation");
      return { value };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.database.exec("ROLLBACK TO operation; RELEASE operation");
      return failure(error instanceof Fenced ? "fenced" : "not written", error);
    }
  }

  #rollBack(batch: readonly Request[], cause: unknown): Outcome[] {
    try {
      if (this.database.inTransaction) this.database.exec("ROLLBACK");
      return batch.map(() => failure("not written", cause));
    } catch {
      return batch.map(() => failure("unknown", cause));
    }
  }

  #read(request: Request): Outcome {
    try {
      return { value: this.#call(request) };
    } catch (error) {
      return failure(error instanceof Fenced ? "fenced" : "unknown", error);
    }
  }

  #call({ name, args }: Request): unknown {
    return (this.operations[name] as (...args: readonly unknown[]) => unknown)(...args);
  }
}

function isWrite(request: Request): boolean {
  return writes.has(request.name);
}

function isRefusal(error: unknown): boolean {
  if (!(error instanceof Database.SqliteError)) return true;
  return refusals.has((error.rawCode ?? 0) & 0xff);
}

function failure(kind: FailureKind, error: unknown): Outcome {
  return { failure: kind, message: error instanceof Error ? error.message : String(error) };
}
