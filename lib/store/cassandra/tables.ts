import type { ConversationRow, TokenRow, UserRow, WorkspaceRow } from "../directory-store.js";
import type { BucketEntry, LogRow, MemberRow, MessageKey } from "../log-store.js";
import type { AnnotationRow, MarkRow, RelatedRow } from "../projection-store.js";
import { Columns } from "./columns.js";

export const logColumns = new Columns<LogRow>({
  seq: { bigint: "seq" },
  epoch: { bigint: "epoch" },
  id: { bigint: "id" },
  first: { bigint: "first" },
  last: { bigint: "last" },
  projected: { bigint: "projected" },
  told: { bigint: "told" },
  messages: { bigint: "messages" },
  kind: { text: "kind" },
  author: { text: "author" },
  clientMsgId: { text: "client_msg_id" },
  parentId: { bigint: "parent_id" },
  targetId: { bigint: "target_id" },
  event: { blob: "event" },
});

export const keyColumns = new Columns<MessageKey>({
  author: { text: "author" },
  clientMsgId: { text: "client_msg_id" },
  epoch: { bigint: "epoch" },
  seq: { bigint: "seq" },
  bodyHash: { text: "body_hash" },
});

export const bucketColumns = new Columns<BucketEntry>({
  epoch: { bigint: "epoch" },
  bucket: { bigint: "bucket" },
  firstSeq: { bigint: "first_seq" },
});

export const memberColumns = new Columns<MemberRow>({
  channel: { text: "channel_id" },
  user: { text: "user_id" },
  seq: { bigint: "seq" },
  id: { bigint: "id" },
  member: { flag: "member" },
});

export const annotationColumns = new Columns<AnnotationRow>({
  channel: { text: "channel_id" },
  bucket: { bigint: "bucket" },
  target: { bigint: "target" },
  kind: { text: "kind" },
  author: { text: "author" },
  emoji: { text: "emoji" },
  seq: { bigint: "seq" },
  id: { bigint: "id" },
  value: { text: "value" },
});

export const relatedColumns = new Columns<RelatedRow>({
  channel: { text: "channel_id" },
  target: { bigint: "target" },
  kind: { text: "kind" },
  id: { bigint: "id" },
  seq: { bigint: "seq" },
  messageId: { bigint: "message_id" },
  author: { text: "author" },
  deleted: { flag: "deleted" },
  written: { bigint: "written" },
});

export const markColumns = new Columns<MarkRow>({
  user: { text: "user_id" },
  channel: { text: "channel_id" },
  seq: { bigint: "seq" },
  id: { bigint: "id" },
  messages: { bigint: "messages" },
  written: { bigint: "written" },
});

export const workspaceColumns = new Columns<WorkspaceRow>({ id: { text: "id" }, name: { text: "name" } });

export const userColumns = new Columns<UserRow>({
  id: { text: "id" },
  workspaceId: { text: "workspace_id" },
  name: { text: "name" },
  displayName: { text: "display_name" },
  bot: { flag: "bot" },
  deactivated: { flag: "deactivated" },
  creator: { text: "creator" },
});

export const tokenColumns = new Columns<TokenRow>({
  hash: { text: "hash" },
  id: { text: "id" },
  userId: { text: "user_id" },
  workspaceId: { text: "workspace_id" },
  label: { text: "label" },
  revoked: { flag: "revoked" },
});

export const conversationColumns = new Columns<ConversationRow>({
  id: { text: "id" },
  workspaceId: { text: "workspace_id" },
  name: { text: "name" },
  type: { text: "type" },
  topic: { text: "topic" },
  purpose: { text: "purpose" },
  creator: { text: "creator" },
  createdUs: { bigint: "created_us" },
  archived: { flag: "archived" },
});
