import { NotWritten } from "../log-store.js";

/**
 * Waits until all of several writes have ended. Rejects if any failed: with `NotWritten` only if none of them
 * was written, for else some of it was, or may have been.
 */
export async function allWritten(writes: readonly Promise<void>[]): Promise<void> {
  const failures = (await Promise.allSettled(writes)).filter((result) => result.status === "rejected");
  const unknown = failures.find(({ reason }) => !(reason instanceof NotWritten));
  const reason = (unknown ?? failures[0])?.reason;
  if (unknown || (reason && failures.length === writes.length)) throw reason;
  if (failures.length > 0) throw new Error("some of the rows were not written", { cause: reason });
}

/** Does what follows on something that was written: that it was not, says nothing of the whole. */
export async function afterWrite<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NotWritten)) throw error;
    throw new Error(`the outcome of a write is not known: ${error.message}`, { cause: error });
  }
}
