import type { Room } from "./room.js";

/** What a check is given. */
export interface CheckContext extends Room {
  /** Aborts when the check is to end early. */
  readonly signal: AbortSignal;
  /** Tells how far the check is. */
  progress(step: string, figures?: Figures): void;
}

/** Numbers that a check found, by name. */
export type Figures = Readonly<Record<string, number>>;

/** What came out of a check. */
export interface Outcome {
  readonly ok: boolean;
  readonly figures: Figures;
}

/** A number that the user can set. */
interface Flag {
  readonly standard: number;
  readonly about: string;
}

/** A proof on running servers that can be asked for by name. */
export interface Check<Name extends string = string> {
  readonly name: string;
  readonly about: string;
  readonly flags: Readonly<Record<Name, Flag>>;
  run(context: CheckContext, flags: Readonly<Record<Name, number>>): Promise<Outcome>;
}
