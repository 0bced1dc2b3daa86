import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { SocketPlan } from "./load-socket.js";
import type { Order, Report } from "./orders.js";
import type { Tally } from "./tally.js";

/** A message that has not reached everybody after so long will not come any more. */
const deliveryMsMax = 30_000;

type Answer = Extract<Report, { is: "answer" }>;

/** The sockets, in a process of their own. */
export class Load {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;
  #answered: (answer: Answer) => void = () => {};
  /** By channel: how many messages have reached everybody and were not waited for yet. */
  readonly #delivered = new Map<number, number>();
  readonly #waiting = new Map<number, () => void>();

  constructor() {
    const program = fileURLToPath(new URL("process.js", import.meta.url));
    this.#child = fork(program, { serialization: "advanced" });
    this.#child.on("message", (report: Report) => this.#take(report));
    this.#ended = new Promise((_, reject) => {
      this.#child.once("exit", (code, signal) => {
        reject(new Error(`the process with the sockets ended (${signal ?? code})`));
      });
    });
    this.#ended.catch(() => {});
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async open(crowd: string, plans: readonly SocketPlan[]): Promise<void> {
    await this.#order({ do: "open", crowd, plans });
  }

  async begin(): Promise<void> {
    await this.#order({ do: "begin" });
  }

  async end(): Promise<Tally> {
    const { tally } = await this.#order({ do: "end" });
    if (!tally) throw new Error("a round ended without a tally");
    return tally;
  }

  async sample(crowd: string): Promise<Buffer> {
    const { sample } = await this.#order({ do: "sample", crowd });
    if (!sample) throw new Error("no message has come yet");
    return Buffer.from(sample);
  }

  /** Resolves when so many messages of the channel have reached all who follow it; one waits at a time. */
  async delivered(channel: number, count: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const stalled = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error("a message did not reach everybody in time")), deliveryMsMax);
    });
    try {
      await Promise.race([this.#untilDelivered(channel, count), stalled, this.#ended]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #untilDelivered(channel: number, count: number): Promise<void> {
    while ((this.#delivered.get(channel) ?? 0) < count) {
      await new Promise<void>((resolve) => this.#waiting.set(channel, resolve));
    }
    this.#delivered.set(channel, (this.#delivered.get(channel) ?? 0) - count);
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    this.#child.kill();
    await this.#ended.catch(() => {});
  }

  /** One order is given at a time. */
  async #order(order: Order): Promise<Answer> {
    const answer = new Promise<Answer>((resolve) => {
      this.#answered = resolve;
    });
    this.#child.send(order);
    const settled = await Promise.race([answer, this.#ended]);
    if (settled.error) throw new Error(settled.error);
    return settled;
  }

  #take(report: Report): void {
    if (report.is === "answer") return this.#answered(report);
    for (const channel of report.channels) {
      this.#delivered.set(channel, (this.#delivered.get(channel) ?? 0) + 1);
      this.#waiting.get(channel)?.();
      this.#waiting.delete(channel);
    }
  }
}
