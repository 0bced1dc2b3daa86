import type { Etcd3, IWatchResponse } from "etcd3";
import type { Clock } from "../../clock/clock.js";

/** How often a stream is asked for a sign of life, in ms. */
const probeMs = 1000;
/** A stream that answered none of so many probes in a row is given up. */
const unansweredMax = 3;

const silence = "etcd is silent";

/** What one stream is to watch, and who is told. */
interface StreamParts {
  readonly range: { readonly key: Buffer; readonly range_end: Buffer };
  /** Revision of the first change of interest. */
  readonly from: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Something came, if only a sign of life. */
  readonly heard: () => void;
  /** The watch stands: nothing from `from` on will be missed. */
  readonly live: () => void;
  readonly received: (response: IWatchResponse) => void;
}

/**
 * Watches over one stream until it ends, in whatever way; resolves with why. A stream that breaks says so,
 * but one whose other side hangs says nothing: so it is asked every second.
 *
 * @throws what the client throws if there is no stream to be had
 */
export async function followStream({ watchClient }: Etcd3, parts: StreamParts): Promise<string> {
  const { range, from, clock, signal, heard, live, received } = parts;
  const stream = await watchClient.watch();
  let unanswered = 0;
  let timer = clock.after(probeMs, probe);
  let end = (_why: string) => {};
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  const abort = () => end("cancelled");

  function probe(): void {
    if (unanswered++ === unansweredMax) return end(silence);
    stream.write({ progress_request: {} });
    timer = clock.after(probeMs, probe);
  }

  stream.on("error", (error: Error) => end(error.message));
  stream.on("end", () => end("etcd ended the stream"));
  stream.on("data", (response: IWatchResponse) => {
    unanswered = 0;
    if (signal.aborted) return;
    heard();
    if (response.canceled) return end(reasonOf(response));
    if (response.created) live();
    if (response.events.length > 0) received(response);
  });
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  else stream.write({ create_request: { ...range, start_revision: String(from), fragment: true } });
  const why = await ended;
  signal.removeEventListener("abort", abort);
  timer.cancel();
  // The client takes a stream that is cancelled while it can be written to for a failure of its connection,
  // and makes a new one: right after silence, wrong otherwise.
  if (why !== silence) stream.end();
  stream.cancel();
  return why;
}

function reasonOf({ compact_revision, cancel_reason }: IWatchResponse): string {
  if (Number(compact_revision) > 0) return `etcd has forgotten what was before revision ${compact_revision}`;
  return `etcd cancelled: ${cancel_reason || "without a reason"}`;
}
