import assert from "node:assert/strict";
import { Event } from "../../../gen/confab/v1/types.js";
import { ManualClock } from "../../../lib/clock/manual-clock.js";
import type { LogRow } from "../../../lib/store/log-store.js";
import type { Held } from "../../../services/channel/held-store.js";
import { OwnerStage } from "../../../services/channel/owner-stage.js";
import { ScriptedCluster } from "../replicated/scripted-cluster.js";

/** A course of events of which every step is said. */
export interface Scenario {
  readonly name: string;
  /** The deliberate bug that leaves out the rule that it stands for: with it, the scenario fails. */
  readonly without: string;
  /** The promise that breaks then. */
  readonly promise: string;
  /** Rejects if a promise broke. */
  run(): Promise<void>;
}

/** Owners in a row of the same channels, over one scripted cluster. */
export class Row {
  readonly cluster = new ScriptedCluster();

  /** @param startMs what the clocks of most owners show */
  constructor(readonly startMs = 1_700_000_000_000) {}

  /**
   * Another owner, in its own term.
   *
   * @param offsetMs how far its clock is off
   * @param idleMs after how long it forgets channels that nobody uses
   */
  owner(epoch: number, offsetMs = 0, idleMs = Number.MAX_SAFE_INTEGER): OwnerStage {
    const clock = new ManualClock(this.startMs + offsetMs);
    const activeBounds = { max: 1000, idleMs };
    return new OwnerStage({ memory: this.cluster.open(), clock, epoch, cleanFrom: epoch, activeBounds });
  }

  /** Lets a write reach one replica only, and nobody knows what became of it. */
  async lose(owner: OwnerStage, held: Held, replica: number): Promise<void> {
    await this.cluster.during({ writes: [replica], answers: false }, () => held.release());
    owner.clock.runTurn();
  }

  /** What a new owner answers to a reader, upward: the texts of posts, and the kinds of other events. */
  async log(owner: OwnerStage): Promise<string[]> {
    return (await this.events(owner)).map(({ kind }) => {
      return kind?.$case === "messagePosted" ? kind.value.text : String(kind?.$case);
    });
  }

  /** The events that a new owner answers to a reader, upward. */
  async events(owner: OwnerStage): Promise<Event[]> {
    const answers = owner.read();
    await owner.settle();
    const [outcome] = answers;
    assert.ok(outcome && "page" in outcome, `${JSON.stringify(outcome)} is no page`);
    return outcome.page.events;
  }
}

/** Lets everything take place until such an operation waits, which it leaves waiting. */
export async function until(owner: OwnerStage, isIt: (held: Held) => boolean): Promise<Held> {
  for (;;) {
    const found = owner.store.held.find(isIt);
    if (found) return found;
    const first = owner.store.held[0];
    assert.ok(first, "what is waited for never comes");
    await first.release();
    owner.clock.runTurn();
  }
}

/** Whether an operation is the append of the post with this text. */
export function appendOf(text: string): (held: Held) => boolean {
  const has = (row: LogRow) => {
    const { kind } = Event.decode(row.event);
    return kind?.$case === "messagePosted" && kind.value.text === text;
  };
  return ({ name, append }) => name === "append" && append?.rows.some(has) === true;
}
