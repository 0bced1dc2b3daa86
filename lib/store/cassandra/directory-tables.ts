import { isDeepStrictEqual } from "node:util";
import type { ConversationId, UserId, WorkspaceId } from "../../ids/ids.js";
import type { Log } from "../../log/log.js";
import type {
  ConversationRow,
  DirectoryStore,
  Page,
  TokenRow,
  UserRow,
  WorkspaceRow,
} from "../directory-store.js";
import { ClaimedTable, type Claims, type Key } from "./claimed-table.js";
import { textValue } from "./columns.js";
import { listByName, shardOf } from "./name-lists.js";
import type { Requests } from "./requests.js";
import { conversationColumns, tokenColumns, userColumns, workspaceColumns } from "./tables.js";

/** Workspaces, users, tokens and conversations. */
export class DirectoryTables implements DirectoryStore {
  readonly #users: ClaimedTable<UserRow>;
  readonly #tokens: ClaimedTable<TokenRow>;
  readonly #conversations: ClaimedTable<ConversationRow>;

  constructor(
    private readonly requests: Requests,
    private readonly keyspace: string,
    log?: Log,
  ) {
    const named = namedInWorkspace(keyspace);
    this.#users = new ClaimedTable(requests, userColumns, named("users", "user_names"), log);
    this.#conversations = new ClaimedTable(
      requests,
      conversationColumns,
      named("conversations", "conversation_names"),
      log,
    );
    const tokens: Claims<TokenRow> = {
      table: `${keyspace}.tokens`,
      names: `${keyspace}.token_ids`,
      extra: [],
      keyOf: ({ hash }) => equal({ hash }),
      nameOf: ({ id }) => equal({ id }),
      namedBy: ({ id }) => equal({ id }),
    };
    this.#tokens = new ClaimedTable(requests, tokenColumns, tokens, log);
  }

  async createWorkspace(row: WorkspaceRow): Promise<boolean> {
    const { names, marks } = workspaceColumns;
    const query = `INSERT INTO ${this.keyspace}.workspaces (${names}) VALUES (${marks}) IF NOT EXISTS`;
    const result = await this.requests.conditional("create", { query, params: workspaceColumns.values(row) });
    return result.wasApplied() || isDeepStrictEqual(workspaceColumns.row(result.first()), row);
  }

  async findWorkspace(id: WorkspaceId): Promise<WorkspaceRow | undefined> {
    const query = `SELECT ${workspaceColumns.names} FROM ${this.keyspace}.workspaces WHERE id = ?`;
    const [found] = await this.requests.all("find", { query, params: [textValue(id)] });
    return found && workspaceColumns.row(found);
  }

  createUser(row: UserRow): Promise<boolean> {
    return this.#users.create(row);
  }

  findUser(id: UserId): Promise<UserRow | undefined> {
    return this.#users.find(equal({ id }));
  }

  findUserByName(workspace: WorkspaceId, name: string): Promise<UserRow | undefined> {
    return this.#users.findByName(inWorkspace(workspace, name));
  }

  listUsers(workspace: WorkspaceId, after: string, limit: number): Promise<Page<UserRow>> {
    const { requests, keyspace } = this;
    const common = { requests, workspace, after, limit, isWanted: () => true };
    return listByName({ ...common, table: `${keyspace}.user_names`, columns: userColumns });
  }

  createToken(row: TokenRow): Promise<boolean> {
    return this.#tokens.create(row);
  }

  findToken(hash: string): Promise<TokenRow | undefined> {
    return this.#tokens.find(equal({ hash }));
  }

  createConversation(row: ConversationRow): Promise<boolean> {
    return this.#conversations.create(row);
  }

  findConversation(id: ConversationId): Promise<ConversationRow | undefined> {
    return this.#conversations.find(equal({ id }));
  }

  async findConversationByName(workspace: WorkspaceId, name: string): Promise<ConversationRow | undefined> {
    return name === "" ? undefined : this.#conversations.findByName(inWorkspace(workspace, name));
  }

  listConversations(
    workspace: WorkspaceId,
    types: readonly ConversationRow["type"][],
    after: string,
    limit: number,
  ): Promise<Page<ConversationRow>> {
    const { requests, keyspace } = this;
    const isWanted = ({ type }: ConversationRow) => types.includes(type);
    const common = { requests, workspace, after, limit, isWanted };
    return listByName({ ...common, table: `${keyspace}.conversation_names`, columns: conversationColumns });
  }
}

/** Rows with an id, and a name that is unique in their workspace; without a name none is claimed. */
function namedInWorkspace(keyspace: string) {
  return <Row extends { readonly id: string; readonly workspaceId: WorkspaceId; readonly name: string }>(
    table: string,
    names: string,
  ): Claims<Row> => ({
    table: `${keyspace}.${table}`,
    names: `${keyspace}.${names}`,
    extra: [{ column: "shard", of: ({ name }) => shardOf(name) }],
    keyOf: ({ id }) => equal({ id }),
    nameOf: ({ workspaceId, name }) => (name === "" ? undefined : inWorkspace(workspaceId, name)),
    namedBy: ({ workspaceId, name }) => equal({ workspace_id: workspaceId, name }),
  });
}

function inWorkspace(workspace: WorkspaceId, name: string): Key {
  const condition = "workspace_id = ? AND shard = ? AND name = ?";
  return { condition, params: [textValue(workspace), shardOf(name), textValue(name)] };
}

function equal(columns: Readonly<Record<string, string>>): Key {
  return {
    condition: Object.keys(columns)
      .map((column) => `${column} = ?`)
      .join(" AND "),
    params: Object.values(columns).map(textValue),
  };
}
