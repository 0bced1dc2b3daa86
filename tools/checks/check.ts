/** What a check is given. */
export interface CheckContext {
  /** A folder of its own that is removed afterwards. */
  readonly folder: string;
  /** Aborts when the check is to end early. */
  readonly signal: AbortSignal;
  /** Tells how far the check is. */
  progress(step: string, figures?: Figures): void;
  /** Has something closed when the check ends, in whatever way; the last deferred is closed first. */
  defer(close: () => void | Promise<void>): void;
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

/** One of several words that the user must choose. */
interface Choice {
  readonly words: readonly string[];
  readonly about: string;
}

/** A proof on running servers that can be asked for by name. */
export interface Check<Name extends string = string, Chosen extends string = string> {
  readonly name: string;
  readonly about: string;
  readonly flags: Readonly<Record<Name, Flag>>;
  readonly choices?: Readonly<Record<Chosen, Choice>>;
  run(
    context: CheckContext,
    flags: Readonly<Record<Name, number>>,
    chosen: Readonly<Record<Chosen, string>>,
  ): Promise<Outcome>;
}
