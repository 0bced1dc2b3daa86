import type { Checker, Violation } from "./checker.js";
import { FreshReads } from "./g1-fresh-reads.js";
import { PersistFirst } from "./g1-persist-first.js";
import { OneOrder } from "./g2-one-order.js";
import { AtLeastOnce } from "./g3-at-least-once.js";
import { Idempotent } from "./g4-idempotent.js";
import { CatchUpFirst } from "./g5-catch-up-first.js";
import { Transient } from "./g7-transient.js";
import { Refused } from "./g11-refused.js";
import type { HistoryRecord } from "./records.js";

/** Most violations that are listed; all are counted. */
const violationsListedMax = 100;

/** What checking a history came to. */
export interface Verdict {
  /** How many records there are, by type. */
  readonly records: Readonly<Record<string, number>>;
  /** Events that a connection got again because it had subscribed again. */
  readonly duplicates: number;
  /** How often each promise was broken; empty if none was. */
  readonly broken: Readonly<Record<string, number>>;
  /** The first violations. */
  readonly violations: readonly Violation[];
}

/** Checks a history against all promises, record by record. */
export class Verifier {
  private readonly records: Record<string, number> = {};
  private readonly broken: Record<string, number> = {};
  private readonly violations: Violation[] = [];
  private readonly atLeastOnce = new AtLeastOnce((violation) => this.report(violation));
  private readonly checkers: readonly Checker[] = [
    ...[PersistFirst, FreshReads, OneOrder, Idempotent, CatchUpFirst, Transient, Refused].map(
      (Kind) => new Kind((violation) => this.report(violation)),
    ),
    this.atLeastOnce,
  ];
  private line = 0;

  see(record: HistoryRecord): void {
    this.line++;
    this.records[record.type] = (this.records[record.type] ?? 0) + 1;
    for (const checker of this.checkers) checker.see(record, this.line);
  }

  /** The verdict, when all records were seen. */
  finish(): Verdict {
    for (const checker of this.checkers) checker.finish();
    const { records, broken, violations } = this;
    return { records, duplicates: this.atLeastOnce.duplicates, broken, violations };
  }

  private report(violation: Violation): void {
    this.broken[violation.promise] = (this.broken[violation.promise] ?? 0) + 1;
    if (this.violations.length < violationsListedMax) this.violations.push(violation);
  }
}

/** Checks a history that is held in memory. */
export function verify(history: Iterable<HistoryRecord>): Verdict {
  const verifier = new Verifier();
  for (const record of history) verifier.see(record);
  return verifier.finish();
}
