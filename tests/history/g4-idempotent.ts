import { Answers } from "./answers.js";
import type { Checker, Report } from "./checker.js";
import { FinalLogs } from "./final-logs.js";
import { grow } from "./grow.js";
import type { HistoryRecord } from "./records.js";

/** Two uses of a `client_msg_id` further apart than this, by the ids of the messages, may be two messages. */
const windowUs = 10 * 60 * 1_000_000;

/** An acknowledged attempt. */
interface Answered {
  readonly channel: string;
  readonly author: string;
  readonly clientMsgId: string;
  readonly body: string;
  readonly seq: number;
  readonly id: number;
  readonly line: number;
}

/** G4: one author's `client_msg_id` stands for one message, one body and one answer in a channel. */
export class Idempotent implements Checker {
  private readonly answers = new Answers();
  private readonly logs = new FinalLogs();
  private readonly answered = new Map<string, Answered[]>();

  constructor(private readonly report: Report) {}

  see(record: HistoryRecord, line: number): void {
    this.logs.see(record);
    const post = this.answers.match(record);
    if (record.type !== "answer" || record.outcome !== "ok" || !post?.clientMsgId) return;
    const { channel, author, clientMsgId, body } = post;
    const { seq, id } = record;
    const key = JSON.stringify([channel, author, clientMsgId]);
    grow(this.answered, key, () => []).push({ channel, author, clientMsgId, body, seq, id, line });
  }

  finish(): void {
    for (const [channel, log] of this.logs.all()) {
      const newest = new Map<string, number>();
      for (const { seq, id, author, clientMsgId } of log.values()) {
        if (!clientMsgId) continue;
        const key = JSON.stringify([author, clientMsgId]);
        if (id - (newest.get(key) ?? Number.NEGATIVE_INFINITY) < windowUs) {
          const what = `${author}'s message ${clientMsgId} is in the log again at seq ${seq}`;
          this.report({ promise: "G4", channel, line: 0, what });
        }
        newest.set(key, id);
      }
    }
    for (const attempts of this.answered.values()) this.checkAnswers(attempts.sort((a, b) => a.id - b.id));
  }

  private checkAnswers(attempts: readonly Answered[]): void {
    let before: Answered | undefined;
    for (const attempt of attempts) {
      const { channel, line, seq, id, author, clientMsgId } = attempt;
      const problem = (what: string) =>
        this.report({ promise: "G4", channel, line, what: `${author}'s message ${clientMsgId} ${what}` });
      const message = this.logs.find(channel)?.get(seq);
      if (message && (message.author !== author || message.clientMsgId !== clientMsgId)) {
        problem(`was answered with seq ${seq}, which is another message`);
      }
      if (before && id - before.id < windowUs) {
        if (id !== before.id || seq !== before.seq)
          problem(`was answered with seq ${before.seq} and with seq ${seq}`);
        if (attempt.body !== before.body) problem("was accepted with two bodies");
      }
      before = attempt;
    }
  }
}
