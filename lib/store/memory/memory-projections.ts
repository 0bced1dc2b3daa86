import type { EventId, UserId } from "../../ids/ids.js";
import type {
  AnnotationRange,
  AnnotationRow,
  MarkRow,
  ProjectionStore,
  RelatedRange,
  RelatedRow,
} from "../projection-store.js";

/** What is put beside the logs, in memory. */
export class MemoryProjections implements Omit<ProjectionStore, "erase"> {
  readonly #annotations = new Map<string, Map<string, AnnotationRow>>();
  readonly #related = new Map<string, Map<EventId, RelatedRow>>();
  readonly #marks = new Map<UserId, Map<string, MarkRow>>();

  async annotate(rows: readonly AnnotationRow[]): Promise<void> {
    for (const row of rows) {
      const { target, kind, author, emoji } = row;
      const cells = within(this.#annotations, `${row.channel} ${row.bucket}`, () => new Map());
      put(cells, `${target} ${kind} ${author} ${emoji}`, row, (present) => row.id > present.id);
    }
  }

  async readAnnotations({ channel, bucket, from, to }: AnnotationRange): Promise<AnnotationRow[]> {
    const cells = this.#annotations.get(`${channel} ${bucket}`)?.values() ?? [];
    const found = [...cells].filter(({ target }) => target >= from && target <= to);
    return found.sort((a, b) => a.target - b.target).map((row) => ({ ...row }));
  }

  async relate(rows: readonly RelatedRow[]): Promise<void> {
    for (const row of rows) {
      const all = within(this.#related, relation(row), () => new Map());
      put(all, row.id, row, (present) => row.written > present.written);
    }
  }

  async readRelated(range: RelatedRange): Promise<RelatedRow[]> {
    const all = this.#related.get(relation(range))?.values() ?? [];
    const found = [...all].filter(({ id }) => id > range.after).sort((a, b) => a.id - b.id);
    if (range.downward) found.reverse();
    return found.slice(0, Math.max(range.limit, 0)).map((row) => ({ ...row }));
  }

  async projectMarks(rows: readonly MarkRow[]): Promise<void> {
    for (const row of rows) {
      const marks = within(this.#marks, row.user, () => new Map());
      put(marks, row.channel, row, (present) => row.written > present.written);
    }
  }

  async readMarks(user: UserId): Promise<MarkRow[]> {
    return [...(this.#marks.get(user)?.values() ?? [])].map((row) => ({ ...row }));
  }
}

function relation({ channel, target, kind }: Pick<RelatedRow, "channel" | "target" | "kind">): string {
  return `${channel} ${target} ${kind}`;
}

function put<Key, Row extends object>(
  rows: Map<Key, Row>,
  key: Key,
  row: Row,
  isNewer: (present: Row) => boolean,
) {
  const present = rows.get(key);
  if (!present || isNewer(present)) rows.set(key, { ...row });
}

/** The value of a key, made if there is none. */
export function within<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const present = map.get(key);
  if (present !== undefined) return present;
  const made = make();
  map.set(key, made);
  return made;
}
