import type { AnnotationRow, MarkRow, RelatedRow } from "../projection-store.js";
import { Columns, type Prepare, upsert } from "./columns.js";
import type { LogOperations } from "./operations.js";

const annotations = new Columns<AnnotationRow>({
  channel: "channel_id",
  bucket: "bucket",
  target: "target",
  kind: "kind",
  author: "author",
  emoji: "emoji",
  seq: "seq",
  id: "id",
  value: "value",
});
const related = new Columns<RelatedRow>({
  channel: "channel_id",
  target: "target",
  kind: "kind",
  id: "id",
  seq: "seq",
  messageId: "message_id",
  author: "author",
  deleted: { flag: "deleted" },
  written: "written",
});
const marks = new Columns<MarkRow>({
  user: "user_id",
  channel: "channel_id",
  seq: "seq",
  id: "id",
  messages: "messages",
  written: "written",
});

type Names = "annotate" | "readAnnotations" | "relate" | "readRelated" | "projectMarks" | "readMarks";

/** What is put beside the logs, in the database. */
export function projectionOperations(prepare: Prepare): Pick<LogOperations, Names> {
  return { ...annotationOperations(prepare), ...relatedOperations(prepare), ...markOperations(prepare) };
}

function annotationOperations(prepare: Prepare): Pick<LogOperations, "annotate" | "readAnnotations"> {
  const put = prepare(upsert("annotations", annotations.names, "id"));
  const read = prepare(
    `SELECT ${annotations.names} FROM annotations
     WHERE channel_id = ? AND bucket = ? AND target BETWEEN ? AND ? ORDER BY target`,
  );
  return {
    annotate: (rows) => {
      for (const row of rows) put.run(annotations.values(row));
    },
    readAnnotations: ({ channel, bucket, from, to }) =>
      read.all([channel, bucket, from, to]).map((values) => annotations.row(values)),
  };
}

function relatedOperations(prepare: Prepare): Pick<LogOperations, "relate" | "readRelated"> {
  const put = prepare(upsert("related", related.names, "written"));
  const select = `SELECT ${related.names} FROM related
    WHERE channel_id = ? AND target = ? AND kind = ? AND id > ?`;
  const upward = prepare(`${select} ORDER BY id LIMIT max(?, 0)`);
  const downward = prepare(`${select} ORDER BY id DESC LIMIT max(?, 0)`);
  return {
    relate: (rows) => {
      for (const row of rows) put.run(related.values(row));
    },
    readRelated: ({ channel, target, kind, after, limit, downward: down }) => {
      const rows = (down ? downward : upward).all([channel, target, kind, after, limit]);
      return rows.map((values) => related.row(values));
    },
  };
}

function markOperations(prepare: Prepare): Pick<LogOperations, "projectMarks" | "readMarks"> {
  const put = prepare(upsert("read_marks", marks.names, "written"));
  const read = prepare(`SELECT ${marks.names} FROM read_marks WHERE user_id = ?`);
  return {
    projectMarks: (rows) => {
      for (const row of rows) put.run(marks.values(row));
    },
    readMarks: (user) => read.all([user]).map((values) => marks.row(values)),
  };
}
