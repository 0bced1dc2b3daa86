import type { Line } from "./line.js";
import { LineQueue } from "./line-queue.js";
import type { Poster } from "./poster.js";
import type { PostReport } from "./report.js";

/** What posting lines takes. */
export interface PostLinesParts {
  readonly source: AsyncIterable<readonly Line[]>;
  readonly poster: Poster;
  readonly report: PostReport;
  /** Ends posting after the call under way. */
  readonly stop: AbortSignal;
}

/**
 * Posts lines in their order while they are read: one call at a time, which takes all that came meanwhile.
 *
 * @returns whether all lines were read and sent.
 * @throws what made reading fail, after everything before it is posted
 */
export async function postLines({ source, poster, report, stop }: PostLinesParts): Promise<boolean> {
  const queue = new LineQueue();
  const close = () => queue.close();
  stop.addEventListener("abort", close, { once: true });
  const reading = fill(queue, source);
  // Its failure is of interest only once everything before it is posted.
  reading.catch(() => {});
  try {
    for (let lines = await queue.take(); lines; lines = await queue.take()) {
      const batch = await poster.post(lines);
      await report.tell(batch);
      if (batch.stoppedBy !== undefined) return false;
    }
    if (stop.aborted) return false;
    await reading;
    return true;
  } finally {
    stop.removeEventListener("abort", close);
    queue.close();
  }
}

async function fill(queue: LineQueue, source: AsyncIterable<readonly Line[]>): Promise<void> {
  try {
    for await (const lines of source) await queue.put(lines);
  } finally {
    queue.end();
  }
}
