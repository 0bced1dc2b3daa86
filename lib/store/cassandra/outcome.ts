import { errors, types } from "cassandra-driver";
import { NotWritten } from "../log-store.js";

const { syntaxError, unauthorized, invalid, configError, unavailableException } = types.responseErrorCodes;

/** Answers by which a node says that it did not even begin. */
const refusals: ReadonlySet<number> = new Set([syntaxError, unauthorized, invalid, configError]);

/** Plain writes go to one partition; conditional ones are agreed on in several rounds. */
export type RequestKind = "read" | "write" | "conditional";

/**
 * What the failure of a request proves. `NotWritten` only where nothing was or will be written: nothing was
 * ever sent (no node could be asked, and a write is not tried again once it was sent), or the node that was
 * asked found the request invalid or too few replicas alive before it sent anything on. That last one holds
 * for plain writes to one partition only, of which a batch is one mutation. Everything else may have taken
 * effect, or may yet: a time-out, a lost connection, an overloaded node.
 */
export function failureOf(kind: RequestKind, error: unknown): Error {
  if (error instanceof NotWritten) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (kind === "read") return new Error(`a read failed: ${reason}`, { cause: error });
  if (provesNoWrite(kind, error)) return new NotWritten(`not written: ${reason}`, { cause: error });
  return new Error(`the outcome of a write is not known: ${reason}`, { cause: error });
}

function provesNoWrite(kind: RequestKind, error: unknown): boolean {
  if (error instanceof errors.ResponseError) {
    return refusals.has(error.code) || (kind === "write" && error.code === unavailableException);
  }
  // A TypeError proves nothing: the driver fails so at an answer that it cannot read, too.
  return error instanceof errors.ArgumentError || error instanceof errors.NoHostAvailableError;
}

/** Whether a node answered that it has no such table, or no such keyspace; each kind of node in its words. */
export function isNoSuchTable(error: unknown): boolean {
  if (!(error instanceof errors.ResponseError) || error.code !== invalid) return false;
  return /unconfigured table|can't find a keyspace|(table|keyspace) .*does not exist/i.test(error.message);
}
