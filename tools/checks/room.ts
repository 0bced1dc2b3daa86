import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where something runs that leaves nothing behind. */
export interface Room {
  /** A folder of its own that is removed afterwards. */
  readonly folder: string;
  /** Has something closed at the end, in whatever way it comes; the last deferred is closed first. */
  defer(close: () => void | Promise<void>): void;
}

/**
 * Runs work in a room of its own until it ends or the signal says so; what comes of it, or what `failed`
 * makes of the reason, is returned once everything is closed.
 */
export async function inRoom<Result>(
  name: string,
  signal: AbortSignal,
  work: (room: Room) => Promise<Result>,
  failed: (reason: string) => Result,
): Promise<Result> {
  const closers: (() => void | Promise<void>)[] = [];
  const defer = (close: () => void | Promise<void>) => void closers.push(close);
  try {
    const folder = await mkdtemp(join(tmpdir(), `confab-${name}-`));
    defer(() => rm(folder, { recursive: true, force: true }));
    return await Promise.race([work({ folder, defer }), untilAborted(signal)]);
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new Error("interrupted"));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
