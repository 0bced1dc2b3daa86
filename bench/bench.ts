import type { Choice } from "../tools/checks/check.js";
import type { Room } from "../tools/checks/room.js";
import type { Spread } from "./measure/spread.js";

/** What a benchmark is given. */
export interface BenchContext extends Room {
  /** Where profiles of the server are to be written, if they are wanted. */
  readonly profileFolder: string | undefined;
  /** The words that the user chose, by the names of the benchmark's choices. */
  readonly chosen: Readonly<Record<string, string>>;
  /** Tells how far it is. */
  progress(step: string): void;
}

/** Figures of each round, by name; the unit is part of the name. */
export type Rounds = Record<string, number[]>;

/** What came out of a benchmark. */
export interface Outcome {
  readonly rounds: Rounds;
  /** What was lost, doubled or came to the wrong socket, over all rounds. */
  readonly faults: Readonly<Record<string, number>>;
}

/** A number that the user can set. */
interface Flag {
  readonly standard: number;
  readonly about: string;
}

/** A measurement that can be asked for by name. It says what is, and never fails for being slow. */
export interface Bench<Name extends string = string> {
  readonly name: string;
  readonly about: string;
  readonly flags: Readonly<Record<Name, Flag>>;
  readonly choices?: Readonly<Record<string, Choice>>;
  run(context: BenchContext, flags: Readonly<Record<Name, number>>): Promise<Outcome>;
}

/** One line of the output. */
export type Line =
  | { readonly bench: string; readonly step: string }
  | ({ readonly bench: string; readonly figure: string } & Spread)
  | Last;

/** The last line. */
export interface Last {
  readonly bench: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly faults?: Readonly<Record<string, number>>;
  readonly figures?: Readonly<Record<string, Spread>>;
  readonly error?: string;
}
