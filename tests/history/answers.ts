import type { HistoryRecord, RecordOf } from "./records.js";

/** Finds the post that an answer answers. */
export class Answers {
  private readonly posts = new Map<string, RecordOf<"post">>();

  /** The post, if the record answers one; each post is found once. */
  match(record: HistoryRecord): RecordOf<"post"> | undefined {
    if (record.type === "post") this.posts.set(record.call, record);
    if (record.type !== "answer") return undefined;
    const post = this.posts.get(record.call);
    this.posts.delete(record.call);
    return post;
  }
}
