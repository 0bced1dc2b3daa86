import type { Readable } from "node:stream";

/** Why a command was stopped: `interrupted` by a signal, or its output was `closed` by the reader. */
export type StopReason = "interrupted" | "closed";

/** What commands read from and write to. */
export interface Terminal {
  /** `isTTY` when a person types. */
  readonly input: Readable & { readonly isTTY?: boolean };
  /** Whether a person watches what `say` writes. */
  readonly isWatched: boolean;
  /** Aborted, with a `StopReason`, when the person interrupts or nobody reads the output any more. */
  readonly stop: AbortSignal;
  /** Writes a line of output; resolves when there is room for more. Nothing is written after `stop`. */
  print(line: string): Promise<void>;
  /** Writes a line beside the output. */
  say(line: string): void;
}
