import type { ChannelId, UserId } from "../../ids/ids.js";
import type { MemberRow } from "../log-store.js";
import type {
  AnnotationRange,
  AnnotationRow,
  MarkRow,
  RelatedRange,
  RelatedRow,
} from "../projection-store.js";
import { integerValue, textValue } from "./columns.js";
import { RelatedTable } from "./related-table.js";
import type { Requests } from "./requests.js";
import { RowTable } from "./row-table.js";
import { annotationColumns, markColumns, memberColumns } from "./tables.js";

/** What is carried from the logs into tables beside them. */
export class ProjectionTables {
  readonly #annotations: RowTable<AnnotationRow>;
  readonly #members: RowTable<MemberRow>;
  readonly #userChannels: RowTable<MemberRow>;
  readonly #marks: RowTable<MarkRow>;
  readonly #related: RelatedTable;

  constructor(
    private readonly requests: Requests,
    keyspace: string,
  ) {
    const id = (row: { readonly id: number }) => row.id;
    this.#annotations = new RowTable(
      requests,
      `${keyspace}.annotations`,
      annotationColumns,
      id,
      ({ channel, bucket }) => `${channel} ${bucket}`,
    );
    const members = `${keyspace}.members`;
    this.#members = new RowTable(requests, members, memberColumns, id, ({ channel }) => channel);
    const userChannels = `${keyspace}.user_channels`;
    this.#userChannels = new RowTable(requests, userChannels, memberColumns, id, ({ user }) => user);
    const marks = `${keyspace}.read_marks`;
    this.#marks = new RowTable(
      requests,
      marks,
      markColumns,
      (row) => row.written,
      ({ user }) => user,
    );
    this.#related = new RelatedTable(requests, keyspace);
  }

  async annotate(rows: readonly AnnotationRow[]): Promise<void> {
    await this.requests.writeRows(
      "annotate",
      rows.map((row) => this.#annotations.put(row)),
    );
  }

  readAnnotations(
    { channel, bucket, from, to }: AnnotationRange,
    begun: () => void,
  ): Promise<AnnotationRow[]> {
    const params = [textValue(channel), integerValue(bucket), integerValue(from), integerValue(to)];
    const condition = "channel_id = ? AND bucket = ? AND target >= ? AND target <= ?";
    return this.#annotations.find("read_annotations", condition, params, begun);
  }

  async relate(rows: readonly RelatedRow[]): Promise<void> {
    await this.#related.write(rows);
  }

  readRelated(range: RelatedRange, begun: () => void): Promise<RelatedRow[]> {
    return this.#related.read(range, begun);
  }

  async projectMembers(changes: readonly MemberRow[]): Promise<void> {
    const tables = [this.#members, this.#userChannels];
    await this.requests.writeRows(
      "project_members",
      tables.flatMap((table) => changes.map((change) => table.put(change))),
    );
  }

  readMembers(channel: ChannelId, begun: () => void): Promise<MemberRow[]> {
    return this.#members.find("read_members", "channel_id = ?", [textValue(channel)], begun);
  }

  readUserChannels(user: UserId, begun: () => void): Promise<MemberRow[]> {
    return this.#userChannels.find("read_user_channels", "user_id = ?", [textValue(user)], begun);
  }

  async projectMarks(rows: readonly MarkRow[]): Promise<void> {
    await this.requests.writeRows(
      "project_marks",
      rows.map((row) => this.#marks.put(row)),
    );
  }

  readMarks(user: UserId, begun: () => void): Promise<MarkRow[]> {
    return this.#marks.find("read_marks", "user_id = ?", [textValue(user)], begun);
  }
}
