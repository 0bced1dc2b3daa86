import { exemptNames } from "../coverage.js";
import type { RunReply } from "./request.js";
import type { RunKind } from "./simulate.js";

/** From so many runs on, everything that is counted must have happened. */
const coverageRunsMin = 1000;

/** Adds up what runs came to. */
export class Summary {
  runs = 0;
  private violations = 0;
  private events = 0;
  private readonly coverage: Record<string, number> = {};
  private readonly begun = performance.now();

  /** @param kinds of the runs: of some, not everything can be expected */
  constructor(private readonly kinds: readonly RunKind[] = ["mesh"]) {}

  /** Takes a reply in; returns what is wrong with the run, a line each. */
  add({ result, partedAt, times }: RunReply): string[] {
    this.runs++;
    this.events += result.events * times;
    for (const [name, count] of Object.entries(result.coverage)) {
      this.coverage[name] = (this.coverage[name] ?? 0) + count;
    }
    const wrong = result.violations.map(({ promise, channel, what }) => `${promise} ${channel}: ${what}`);
    if (partedAt !== undefined) {
      wrong.push(`not deterministic: a second run went another way in simulated second ${partedAt}`);
    }
    this.violations += wrong.length;
    return wrong;
  }

  /** What never happened in so many runs that it should have. */
  get missing(): string[] {
    if (this.runs < coverageRunsMin || !this.kinds.includes("mesh")) return [];
    const exempt = new Set<string>(exemptNames);
    const isExpected = (name: string) =>
      !exempt.has(name) && (this.kinds.includes("duel") || !name.startsWith("duel."));
    return Object.keys(this.coverage).filter((name) => !this.coverage[name] && isExpected(name));
  }

  get isGood(): boolean {
    return this.violations === 0 && this.missing.length === 0;
  }

  /** The closing line. */
  toJson(): string {
    const { runs, violations, coverage, events } = this;
    const seconds = (performance.now() - this.begun) / 1000;
    const rate = {
      events,
      eventsPerSecond: Math.round(events / seconds),
      seconds: Number(seconds.toFixed(1)),
    };
    return JSON.stringify({ runs, violations, coverage, ...rate });
  }
}
