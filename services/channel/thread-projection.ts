import type { ThreadSummary } from "../../gen/confab/v1/types.js";
import type { EventId, Position } from "../../lib/ids/ids.js";
import type { AnnotationRow } from "../../lib/store/projection-store.js";
import { afterChange, parseSummary, summaryText, threadChangeOf, withNewest } from "./core/threads.js";
import type { Located, ProjectionScope } from "./projection.js";

/** How many of a thread's newest replies are looked at for who took part last. */
const newestMax = 100;

/**
 * The summaries of the threads that the events change. Each counts on from the event that the present one
 * is of, so that no event counts twice.
 */
export async function threadRows(
  scope: ProjectionScope,
  events: readonly Located[],
): Promise<AnnotationRow[]> {
  const parents = new Map<EventId, Located[]>();
  for (const one of events) {
    const parentId = threadChangeOf(one)?.parentId;
    if (parentId === undefined) continue;
    const changes = parents.get(parentId) ?? [];
    parents.set(parentId, changes);
    changes.push(one);
  }
  const rows = await Promise.all([...parents].map(([id, changes]) => threadRow(scope, id, changes)));
  return rows.filter((row) => row !== undefined);
}

async function threadRow(
  scope: ProjectionScope,
  parentId: EventId,
  changes: readonly Located[],
): Promise<AnnotationRow | undefined> {
  const { store, channel } = scope;
  const parent = await scope.placeOf(parentId);
  if (!parent) return undefined;
  const bucket = scope.bucketOf(parent.seq);
  const cells = await store.readAnnotations({ channel, bucket, from: parent.seq, to: parent.seq });
  const present = cells.find(({ kind }) => kind === "thread");
  let summary: ThreadSummary | undefined = present && parseSummary(present.value);
  let last: Position | undefined;
  for (const one of changes) {
    if (one.event.id <= (present?.id ?? 0)) continue;
    summary = afterChange(summary, threadChangeOf(one)!);
    last = one.event;
  }
  if (!summary || !last) return undefined;
  const value = summaryText(withNewest(summary, await newestReplies(scope, parentId)));
  const name = { kind: "thread", author: "", emoji: "" } as const;
  return { channel, bucket, target: parent.seq, ...name, seq: last.seq, id: last.id, value };
}

async function newestReplies({ store, channel }: ProjectionScope, target: EventId) {
  const range = { channel, target, kind: "reply", after: 0, limit: newestMax, downward: true } as const;
  return (await store.readRelated(range)).filter(({ deleted }) => !deleted);
}
