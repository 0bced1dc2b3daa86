/** A table that is made, without its options. */
export interface TableSpec {
  readonly name: string;
  /** Columns and the primary key. */
  readonly columns: string;
  /** Order within a partition, if it is not the ascending one. */
  readonly order?: string;
}

const eventOfLog = `
  channel_id text, bucket bigint, seq bigint, epoch bigint, id bigint, first bigint, last bigint,
  projected bigint, told bigint, messages bigint, kind text, author text, client_msg_id text,
  parent_id bigint, target_id bigint, event blob`;
const member = "channel_id text, user_id text, seq bigint, id bigint, member boolean";
const user = "display_name text, bot boolean, deactivated boolean, creator text";
const conversation = "type text, topic text, purpose text, creator text, created_us bigint, archived boolean";
const token = "user_id text, workspace_id text, label text, revoked boolean";

/** The tables that each version of the schema adds. */
export const migrations: readonly (readonly TableSpec[])[] = [
  [
    {
      name: "log",
      columns: `${eventOfLog}, PRIMARY KEY ((channel_id, bucket), seq, epoch)`,
      order: "seq DESC, epoch DESC",
    },
    {
      name: "message_keys",
      columns: `channel_id text, bucket bigint, author text, client_msg_id text, epoch bigint, seq bigint,
        body_hash text, PRIMARY KEY ((channel_id, bucket), author, client_msg_id, epoch)`,
    },
    {
      name: "channel_buckets",
      columns:
        "channel_id text, epoch bigint, bucket bigint, first_seq bigint, " +
        "PRIMARY KEY (channel_id, epoch, bucket)",
    },
    { name: "fenced", columns: "incarnation text PRIMARY KEY" },
    {
      name: "annotations",
      columns: `channel_id text, bucket bigint, target bigint, kind text, author text, emoji text, seq bigint,
        id bigint, value text, PRIMARY KEY ((channel_id, bucket), target, kind, author, emoji)`,
    },
    {
      name: "related",
      columns: `channel_id text, target bigint, kind text, block bigint, id bigint, seq bigint,
        message_id bigint, author text, deleted boolean, written bigint,
        PRIMARY KEY ((channel_id, target, kind, block), id)`,
    },
    {
      name: "related_blocks",
      columns:
        "channel_id text, target bigint, kind text, block bigint, " +
        "PRIMARY KEY ((channel_id, target, kind), block)",
    },
    { name: "members", columns: `${member}, PRIMARY KEY (channel_id, user_id)` },
    { name: "user_channels", columns: `${member}, PRIMARY KEY (user_id, channel_id)` },
    {
      name: "read_marks",
      columns: `user_id text, channel_id text, seq bigint, id bigint, messages bigint, written bigint,
        PRIMARY KEY (user_id, channel_id)`,
    },
    { name: "workspaces", columns: "id text PRIMARY KEY, name text" },
    { name: "users", columns: `id text PRIMARY KEY, workspace_id text, name text, ${user}, made boolean` },
    {
      name: "user_names",
      columns: `workspace_id text, shard int, name text, id text, ${user},
        PRIMARY KEY ((workspace_id, shard), name)`,
    },
    {
      name: "conversations",
      columns: `id text PRIMARY KEY, workspace_id text, name text, ${conversation}, made boolean`,
    },
    {
      name: "conversation_names",
      columns: `workspace_id text, shard int, name text, id text, ${conversation},
        PRIMARY KEY ((workspace_id, shard), name)`,
    },
    { name: "tokens", columns: `hash text PRIMARY KEY, id text, ${token}, made boolean` },
    { name: "token_ids", columns: `id text PRIMARY KEY, hash text, ${token}` },
  ],
  [
    {
      name: "roster",
      columns: "kind text, incarnation text, generation text, PRIMARY KEY (kind, incarnation)",
    },
  ],
];

/** What is kept beside the tables of the migrations: what they go by, and where the keyspace is at home. */
export const bookkeeping: readonly TableSpec[] = [
  { name: "schema_lock", columns: "name text PRIMARY KEY, holder text" },
  { name: "schema_versions", columns: "version int PRIMARY KEY" },
  { name: "home", columns: "name text PRIMARY KEY, datacenter text" },
];
