import { Answers } from "./answers.js";
import type { Checker, Report } from "./checker.js";
import { FinalLogs } from "./final-logs.js";
import { grow } from "./grow.js";
import type { HistoryRecord } from "./records.js";

/** What became of all attempts at one message. */
interface Attempts {
  begun: number;
  refused: number;
  line: number;
}

const keyOf = (channel: string, author: string, clientMsgId: string, body: string) =>
  JSON.stringify([channel, author, clientMsgId, body]);

/** G11: a message of which every attempt was refused is not in the log. */
export class Refused implements Checker {
  private readonly answers = new Answers();
  private readonly logs = new FinalLogs();
  private readonly messages = new Map<string, Attempts>();

  constructor(private readonly report: Report) {}

  see(record: HistoryRecord, line: number): void {
    this.logs.see(record);
    const answered = this.answers.match(record);
    const post = record.type === "post" ? record : answered;
    if (!post?.clientMsgId) return;
    const key = keyOf(post.channel, post.author, post.clientMsgId, post.body);
    const attempts = grow(this.messages, key, () => ({ begun: 0, refused: 0, line }));
    if (record.type === "post") attempts.begun++;
    if (record.type === "answer" && record.outcome === "refused") attempts.refused++;
    attempts.line = line;
  }

  finish(): void {
    for (const [channel, log] of this.logs.all()) {
      for (const { seq, author, clientMsgId, body } of log.values()) {
        const attempts = this.messages.get(keyOf(channel, author, clientMsgId, body));
        if (!attempts || attempts.refused < attempts.begun) continue;
        const what = `${author}'s message ${clientMsgId} was refused but is in the log at seq ${seq}`;
        this.report({ promise: "G11", channel, line: attempts.line, what });
      }
    }
  }
}
