import type { Tally } from "./tally.js";

/** What the process that runs the tests tells the one that started it. */
export type FromTests =
  | { readonly event: "running"; readonly title: string }
  | { readonly event: "done"; readonly tally: Tally }
  | { readonly event: "open"; readonly handles: readonly string[] };

/** What it is asked: which handles keep it from ending. */
export type ToTests = "what is open?";
