import type { ConfabError } from "../../../lib/errors/errors.js";

/** A line of the input. */
export interface Line {
  /** Its number, from 1. */
  readonly number: number;
  /** Its text without the line's end; only the start of it when it has a fault. */
  readonly text: string;
  /** Bytes of its text in UTF-8. */
  readonly bytes: number;
  /** Why it cannot even be sent. */
  readonly fault?: ConfabError;
}
