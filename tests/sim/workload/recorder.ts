import { Event } from "../../../gen/confab/v1/types.js";
import type { Append } from "../../../lib/store/log-store.js";
import type { Violation } from "../../history/checker.js";
import type { HistoryRecord, SeenEvent } from "../../history/records.js";
import { Verifier } from "../../history/verifier.js";
import type { World } from "../world.js";

type WithoutTime<Recorded> = Recorded extends unknown ? Omit<Recorded, "at"> : never;

/** Writes the history of a run, hands it to the checkers, and keeps it if it is wanted. */
export class Recorder {
  /** What broke that is no matter of the checkers: something got stuck, or was refused without reason. */
  readonly complaints: Violation[] = [];
  readonly kept: HistoryRecord[] = [];
  private readonly verifier = new Verifier();
  /** Epoch of the newest write of each event, and each channel's newest bucket. */
  private readonly epochs = new Map<string, number>();
  private readonly buckets = new Map<string, number>();

  constructor(
    private readonly world: World,
    private readonly keeps: boolean,
  ) {}

  note(record: WithoutTime<HistoryRecord>): void {
    const timed = { ...record, at: this.world.scheduler.now } as HistoryRecord;
    this.world.trace.text(JSON.stringify(timed));
    this.verifier.see(timed);
    if (this.keeps) this.kept.push(timed);
  }

  complain(promise: string, channel: string, what: string): void {
    this.complaints.push({ promise, channel, line: 0, what });
  }

  /** Notes rows at the moment when they can be read in the store. */
  stored(append: Append): void {
    const { channel, rows } = append;
    if (rows.length === 0) return;
    this.count(append);
    this.note({ type: "stored", moment: "live", channel, rows: rows.map(({ event }) => decodeSeen(event)) });
  }

  verdict() {
    return this.verifier.finish();
  }

  private count({ channel, bucket, rows }: Append): void {
    const { coverage } = this.world;
    for (const { seq, id, epoch } of rows) {
      const known = this.epochs.get(`${channel} ${seq} ${id}`);
      if (known !== undefined && known < epoch) coverage.hit("row.proposed_again");
      this.epochs.set(`${channel} ${seq} ${id}`, Math.max(known ?? 0, epoch));
    }
    const newest = this.buckets.get(channel);
    if (newest !== undefined && newest < bucket) coverage.hit("bucket.another");
    this.buckets.set(channel, Math.max(newest ?? 0, bucket));
  }
}

/** An event in the words of a history. */
export function seen({ seq, id, author, kind }: Event): SeenEvent {
  const posted = kind?.$case === "messagePosted" ? kind.value : undefined;
  const body = posted ? posted.text : JSON.stringify(kind?.value);
  return { seq, id, kind: kind?.$case ?? "", author, clientMsgId: posted?.clientMsgId ?? "", body };
}

/** An event, out of what the store keeps of it, in the words of a history. */
export function decodeSeen(event: Uint8Array): SeenEvent {
  return seen(Event.decode(event));
}
