/** What brings a database from each version of its schema to the next, beginning with an empty one. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE log (
    channel_id TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    id INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    projected INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    kind TEXT NOT NULL,
    author TEXT NOT NULL,
    client_msg_id TEXT NOT NULL,
    parent_id INTEGER NOT NULL,
    target_id INTEGER NOT NULL,
    event BLOB NOT NULL,
    written INTEGER NOT NULL,
    PRIMARY KEY (channel_id, bucket, seq, epoch)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE message_keys (
    channel_id TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    author TEXT NOT NULL,
    client_msg_id TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    body_hash TEXT NOT NULL,
    written INTEGER NOT NULL,
    PRIMARY KEY (channel_id, bucket, author, client_msg_id, epoch)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE channel_buckets (
    channel_id TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    PRIMARY KEY (channel_id, epoch, bucket)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE fenced (incarnation TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;

  CREATE TABLE members (
    channel_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    id INTEGER NOT NULL,
    member INTEGER NOT NULL,
    PRIMARY KEY (channel_id, user_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE user_channels (
    channel_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    id INTEGER NOT NULL,
    member INTEGER NOT NULL,
    PRIMARY KEY (user_id, channel_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE workspaces (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    bot INTEGER NOT NULL,
    deactivated INTEGER NOT NULL,
    UNIQUE (workspace_id, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX users_of_workspace ON users (workspace_id, id);

  CREATE TABLE tokens (
    hash TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    workspace_id TEXT NOT NULL,
    label TEXT NOT NULL,
    revoked INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE conversations (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    topic TEXT NOT NULL,
    purpose TEXT NOT NULL,
    creator TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    archived INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX conversation_names ON conversations (workspace_id, name) WHERE name <> '';
  `,
  `
  CREATE TABLE annotations (
    channel_id TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    target INTEGER NOT NULL,
    kind TEXT NOT NULL,
    author TEXT NOT NULL,
    emoji TEXT NOT NULL,
    seq INTEGER NOT NULL,
    id INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (channel_id, bucket, target, kind, author, emoji)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE related (
    channel_id TEXT NOT NULL,
    target INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    author TEXT NOT NULL,
    deleted INTEGER NOT NULL,
    written INTEGER NOT NULL,
    PRIMARY KEY (channel_id, target, kind, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE read_marks (
    user_id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    id INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    written INTEGER NOT NULL,
    PRIMARY KEY (user_id, channel_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE erasures (
    channel_id TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    event BLOB NOT NULL,
    written INTEGER NOT NULL,
    PRIMARY KEY (channel_id, bucket, seq)
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE users ADD COLUMN creator TEXT NOT NULL DEFAULT '';
  `,
  `
  CREATE TABLE erased_keys (
    channel_id TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    author TEXT NOT NULL,
    client_msg_id TEXT NOT NULL,
    written INTEGER NOT NULL,
    PRIMARY KEY (channel_id, bucket, author, client_msg_id)
  ) STRICT, WITHOUT ROWID;

  INSERT INTO erased_keys
    SELECT log.channel_id, log.bucket, log.author, log.client_msg_id, max(erasures.written)
    FROM erasures JOIN log USING (channel_id, bucket, seq)
    WHERE log.client_msg_id <> '' AND log.id < erasures.written
    GROUP BY log.channel_id, log.bucket, log.author, log.client_msg_id;

  UPDATE message_keys SET body_hash = '', written = erased.written
    FROM erased_keys AS erased
    WHERE erased.channel_id = message_keys.channel_id AND erased.bucket = message_keys.bucket
      AND erased.author = message_keys.author AND erased.client_msg_id = message_keys.client_msg_id
      AND erased.written > message_keys.written;
  `,
  // Of what was written before there were notices nobody waits for one: it counts as told.
  `
  ALTER TABLE log ADD COLUMN told INTEGER NOT NULL DEFAULT 9007199254740991;
  `,
  `
  CREATE TABLE roster (
    incarnation TEXT NOT NULL PRIMARY KEY,
    generation TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];
