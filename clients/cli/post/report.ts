import { ConfabError, isRetryable } from "../../sdk/node.js";
import { describeError } from "../failure.js";
import { counted, grouped } from "../print/numbers.js";
import { startOf } from "../print/text.js";
import { slackTs } from "../print/times.js";
import type { Terminal } from "../terminal/terminal.js";
import type { Batch, Settled } from "./poster.js";

/** Tells what becomes of the lines, and sums it up. */
export class PostReport {
  posted = 0;
  refused = 0;

  constructor(
    private readonly terminal: Terminal,
    private readonly json: boolean,
    /** Base URL of the Jaeger that shows traces, if that is known. */
    private readonly jaeger?: string,
  ) {}

  /** Tells what became of the lines of one call. */
  async tell({ settled, stoppedBy }: Batch): Promise<void> {
    for (const one of settled) await this.#tellOne(one);
    if (stoppedBy !== undefined) this.#tellStop(settled, stoppedBy);
  }

  /** One line for people, or the last object for programs. */
  async summary(seconds: number, emptyLines: number): Promise<void> {
    const { posted, refused } = this;
    const perSecond = Math.round(posted / Math.max(seconds, 0.001));
    if (this.json)
      return this.terminal.print(JSON.stringify({ posted, refused, emptyLines, seconds, perSecond }));
    const rest = [
      refused > 0 ? `, ${grouped(refused)} refused` : "",
      emptyLines > 0 ? `, ${counted(emptyLines, "empty line")} skipped` : "",
    ];
    const rate = `${seconds.toFixed(2)} s (${grouped(perSecond)}/s)`;
    this.terminal.say(`posted ${counted(posted, "message")} in ${rate}${rest.join("")}`);
  }

  async #tellOne({ line: { number, text }, outcome, traceId }: Settled): Promise<void> {
    if (traceId !== undefined && !this.json) this.#tellTrace(traceId);
    const traced = traceId === undefined ? {} : { traceId };
    if (outcome instanceof ConfabError) {
      this.refused += 1;
      this.terminal.say(`confab: line ${number}: ${describeError(outcome)}: ${startOf(text)}`);
      if (!this.json) return;
      const { code: error, message } = outcome;
      await this.terminal.print(JSON.stringify({ line: number, error, message, ...traced }));
    } else if (outcome) {
      this.posted += 1;
      if (!this.json) return;
      const { seq, id } = outcome;
      await this.terminal.print(JSON.stringify({ line: number, seq, id, ts: slackTs(id), ...traced }));
    } else if (this.json) {
      await this.terminal.print(JSON.stringify({ line: number, error: "unknown_outcome" }));
    }
  }

  #tellTrace(traceId: string): void {
    const link = this.jaeger === undefined ? "" : ` ${this.jaeger.replace(/\/+$/, "")}/trace/${traceId}`;
    this.terminal.say(`trace ${traceId}${link}`);
  }

  #tellStop(settled: readonly Settled[], error: unknown): void {
    const open = settled.filter(({ outcome }) => outcome === undefined).map(({ line }) => line.number);
    const [first, last] = [open[0], open.at(-1)];
    const range = first === last ? `line ${first}` : `lines ${first} to ${last}`;
    const isUnknown = isRetryable(error) || (error instanceof ConfabError && error.code === "internal");
    const what = isUnknown ? "may or may not be posted" : "not posted";
    this.terminal.say(`confab: stopped, ${range} ${what}: ${describeError(error)}`);
  }
}
