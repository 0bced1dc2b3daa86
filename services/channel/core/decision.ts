import type { Position } from "../../../lib/ids/ids.js";
import type { Outcome } from "./answers.js";
import type { NewEvent } from "./rows.js";

/**
 * What to do with a command whose turn it is: answer it now, join an event of the batch, or add events to
 * it.
 */
export type Decision =
  | { readonly answer: Outcome }
  | { readonly join: Position }
  | { readonly events: readonly NewEvent[] };
