import { Event } from "../../gen/confab/v1/types.js";
import { withoutText } from "../../lib/events/erased.js";
import type { ChannelId, EventId, Seq, UserId } from "../../lib/ids/ids.js";
import type { Bucket, LogStore } from "../../lib/store/log-store.js";
import type { AnnotationRow, Erasure, MarkRow, RelatedRow } from "../../lib/store/projection-store.js";
import { cellOf } from "./core/annotations.js";
import { segmentFor } from "./core/bucket-map.js";
import { memberRows } from "./core/membership.js";
import type { ToProject } from "./core/projector.js";
import type { ProjectionWork } from "./core/store-work.js";
import { type Place, placeOf } from "./core/target.js";
import { findEvent } from "./messages.js";
import { readRange } from "./read-range.js";
import { threadRows } from "./thread-projection.js";

/** Most edits of a message that are read at a time. */
const editsMax = 1000;

/** The channel whose events are carried, and where its rows are. */
export interface ProjectionScope {
  readonly store: LogStore;
  readonly channel: ChannelId;
  readonly work: ProjectionWork;
  /** Where a message is; undefined if there is none of this id. */
  placeOf(id: EventId): Promise<Place | undefined>;
  know(id: EventId, place: Place): void;
  bucketOf(seq: Seq): Bucket;
}

/** Carries events into the tables beside the log. Doing it again, whole or in part, changes nothing. */
export async function project(store: LogStore, channel: ChannelId, work: ProjectionWork): Promise<void> {
  const scope = scopeOf(store, channel, work);
  const { events } = work;
  const located = await Promise.all(events.map((one) => locate(scope, one)));
  const found = located.filter((one) => one !== undefined);
  await Promise.all([
    atLeastOne(
      events.flatMap(({ event }) => memberRows(channel, event)),
      (rows) => store.projectMembers(rows),
    ),
    atLeastOne(
      events.flatMap(({ event }) => markRows(channel, event)),
      (rows) => store.projectMarks(rows),
    ),
    atLeastOne(
      found.flatMap((one) => relatedRows(channel, one)),
      (rows) => store.relate(rows),
    ),
  ]);
  const cells = found.flatMap((one) => annotationRows(scope, one));
  await atLeastOne([...cells, ...(await threadRows(scope, found))], (rows) => store.annotate(rows));
  const erasures = await Promise.all(found.map((one) => erasuresOf(scope, one)));
  await atLeastOne(erasures.flat(), (rows) => store.erase(rows));
}

async function atLeastOne<Row>(rows: Row[], write: (rows: Row[]) => Promise<void>): Promise<void> {
  if (rows.length > 0) await write(rows);
}

/** Finds each message once. */
function scopeOf(store: LogStore, channel: ChannelId, work: ProjectionWork): ProjectionScope {
  const { segments, tail } = work;
  const places = new Map<EventId, Promise<Place | undefined>>();
  const find = async (id: EventId) => {
    const event = await findEvent(store, channel, { segments, tail, id });
    return event && placeOf(event);
  };
  return {
    ...{ store, channel, work },
    placeOf: (id) => {
      const place = places.get(id) ?? find(id);
      places.set(id, place);
      return place;
    },
    know: (id, place) => void places.set(id, Promise.resolve(place)),
    bucketOf: (seq) => {
      const segment = segmentFor(segments, seq);
      if (!segment) throw new Error(`no bucket of ${channel} holds event ${seq}`);
      return segment.bucket;
    },
  };
}

/** An event about a message, and the place of that. */
export type Located = ToProject & { readonly target: Place };

/** Undefined for events that are about no message that there is. */
async function locate(scope: ProjectionScope, { event, target }: ToProject): Promise<Located | undefined> {
  const { kind } = event;
  const parentId = kind?.$case === "messagePosted" ? kind.value.parentId : 0;
  const id = cellOf(event)?.messageId ?? parentId;
  if (id === 0) return undefined;
  if (target) scope.know(id, target);
  const place = target ?? (await scope.placeOf(id));
  return place && { event, target: place };
}

function markRows(channel: ChannelId, { id: written, kind }: Event): MarkRow[] {
  if (kind?.$case !== "readMarked" || !kind.value.position) return [];
  const { channelId, position, messages } = kind.value;
  // Only a user's own channel takes marks.
  const user = channel as string as UserId;
  return [{ user, channel: channelId as ChannelId, ...position, messages, written }];
}

function relatedRows(channel: ChannelId, { event, target }: Located): RelatedRow[] {
  const { id, seq, author, kind } = event;
  const common = { channel, author, written: id };
  switch (kind?.$case) {
    case "messagePosted": {
      const reply = { target: kind.value.parentId, kind: "reply", id, seq, messageId: id } as const;
      return [{ ...common, ...reply, deleted: false }];
    }
    case "messageEdited": {
      const { messageId } = kind.value;
      return [{ ...common, target: messageId, kind: "edit", id, seq, messageId, deleted: false }];
    }
    case "messageDeleted": {
      const { messageId } = kind.value;
      const gone = { ...common, seq: target.seq, messageId, deleted: true };
      return [
        ...(target.parentId
          ? [{ ...gone, target: target.parentId, kind: "reply", id: messageId } as const]
          : []),
        ...(target.isTopLevel ? [{ ...gone, target: 0, kind: "deletion", id } as const] : []),
      ];
    }
    default:
      return [];
  }
}

/** A deletion takes the text of the latest edit away too. */
function annotationRows({ channel, bucketOf }: ProjectionScope, { event, target }: Located): AnnotationRow[] {
  const cell = cellOf(event)?.cell;
  if (!cell) return [];
  const row = { channel, bucket: bucketOf(target.seq), target: target.seq, ...cell };
  return cell.kind === "deletion" ? [row, { ...row, kind: "edit", value: "" }] : [row];
}

/** The message and all its edits, without their texts. */
async function erasuresOf(scope: ProjectionScope, { event, target }: Located): Promise<Erasure[]> {
  if (event.kind?.$case !== "messageDeleted") return [];
  const { store, channel, work, bucketOf } = scope;
  const edits = await readEdits(scope, event.kind.value.messageId);
  const reads = [target.seq, ...edits].map(async (seq) => {
    const [row] = await readRange(store, channel, work.segments, seq, seq);
    const { author, clientMsgId } = row!;
    const blank = Event.encode(withoutText(Event.decode(row!.event))).finish();
    return { channel, bucket: bucketOf(seq), seq, event: blank, author, clientMsgId, written: event.id };
  });
  return Promise.all(reads);
}

async function readEdits({ store, channel }: ProjectionScope, target: EventId): Promise<Seq[]> {
  const seqs: Seq[] = [];
  for (let after = 0; ; ) {
    const range = { channel, target, kind: "edit", after, limit: editsMax, downward: false } as const;
    const page = await store.readRelated(range);
    seqs.push(...page.map(({ seq }) => seq));
    if (page.length < editsMax) return seqs;
    after = page[page.length - 1]!.id;
  }
}
