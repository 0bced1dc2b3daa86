import type { HistoryRecord } from "./records.js";

/** A broken promise, with where it shows. */
export interface Violation {
  /** Name of the promise, for instance `G1`. */
  readonly promise: string;
  readonly channel: string;
  /** Number of the record, from 1, at which it shows; 0: at the end. */
  readonly line: number;
  readonly what: string;
}

/** Tells of a violation. */
export type Report = (violation: Violation) => void;

/** Checks one promise over a history, in one pass. */
export interface Checker {
  /** Takes the next record; `line` is its number, from 1. */
  see(record: HistoryRecord, line: number): void;
  /** There are no more records. */
  finish(): void;
}
