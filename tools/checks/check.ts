import type { Line } from "./print.js";
import type { Room } from "./room.js";

/** What a check is given. */
export interface CheckContext extends Room {
  /** Aborts when the check is to end early. */
  readonly signal: AbortSignal;
  /** The words that the user chose, by the names of the check's choices. */
  readonly chosen: Readonly<Record<string, string>>;
  /** Tells how far the check is. */
  progress(step: string, figures?: Figures): void;
  /** Prints one thing that was found, as it is. */
  found(line: Line): void;
}

/** Numbers that a check found, by name. */
export type Figures = Readonly<Record<string, number>>;

/** What came out of a check. */
export interface Outcome {
  readonly ok: boolean;
  readonly figures: Figures;
  /** What else there is to show, by name: anything that can be JSON. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A number that the user can set. */
interface Flag {
  readonly standard: number;
  readonly about: string;
}

/** One of several words that the user can choose. */
export interface Choice {
  readonly standard: string;
  readonly words: readonly string[];
  readonly about: string;
}

/** A proof on running servers that can be asked for by name. */
export interface Check<Name extends string = string> {
  readonly name: string;
  readonly about: string;
  readonly flags: Readonly<Record<Name, Flag>>;
  readonly choices?: Readonly<Record<string, Choice>>;
  run(context: CheckContext, flags: Readonly<Record<Name, number>>): Promise<Outcome>;
}
