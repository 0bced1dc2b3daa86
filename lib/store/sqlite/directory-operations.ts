import { isDeepStrictEqual } from "node:util";
import type Database from "libsql";
import type { ConversationRow, TokenRow, UserRow, WorkspaceRow } from "../directory-store.js";
import { makePage } from "../page.js";
import { Columns, type SqlValue, Statement } from "./columns.js";
import type { DirectoryOperations } from "./operations.js";

const workspaces = new Columns<WorkspaceRow>({ id: "id", name: "name" });
const users = new Columns<UserRow>({
  id: "id",
  workspaceId: "workspace_id",
  name: "name",
  displayName: "display_name",
  bot: { flag: "bot" },
  deactivated: { flag: "deactivated" },
  creator: "creator",
});
const tokens = new Columns<TokenRow>({
  hash: "hash",
  id: "id",
  userId: "user_id",
  workspaceId: "workspace_id",
  label: "label",
  revoked: { flag: "revoked" },
});
const conversations = new Columns<ConversationRow>({
  id: "id",
  workspaceId: "workspace_id",
  name: "name",
  type: "type",
  topic: "topic",
  purpose: "purpose",
  creator: "creator",
  createdUs: "created_us",
  archived: { flag: "archived" },
});

/** One more than the page holds, to see whether there is another page. */
const limitPage = "LIMIT min(max(?, 1), 1000000000) + 1";

/** Workspaces, users, tokens and conversations in the database. */
export function directoryOperations(database: Database.Database): DirectoryOperations {
  return {
    ...workspaceOperations(database),
    ...userOperations(database),
    ...tokenOperations(database),
    ...conversationOperations(database),
  };
}

function workspaceOperations(database: Database.Database) {
  const table = new Table(database, "workspaces", workspaces);
  const byId = table.find("id = ?");
  return {
    createWorkspace: table.creator((row) => byId(row.id)),
    findWorkspace: byId,
  };
}

function userOperations(database: Database.Database) {
  const table = new Table(database, "users", users);
  const byId = table.find("id = ?");
  const list = table.list(`workspace_id = ? AND id > ? ORDER BY id ${limitPage}`);
  return {
    createUser: table.creator((row) => byId(row.id)),
    findUser: byId,
    findUserByName: table.find("workspace_id = ? AND name = ?"),
    listUsers: (workspace: string, after: string, limit: number) =>
      makePage(list(workspace, after, limit), limit, (row) => row.id),
  };
}

function tokenOperations(database: Database.Database) {
  const table = new Table(database, "tokens", tokens);
  const byHash = table.find("hash = ?");
  return {
    createToken: table.creator((row) => byHash(row.hash)),
    findToken: byHash,
  };
}

function conversationOperations(database: Database.Database) {
  const table = new Table(database, "conversations", conversations);
  const byId = table.find("id = ?");
  const list = table.list(
    `workspace_id = ? AND name <> '' AND name > ? AND type IN (SELECT value FROM json_each(?))
     ORDER BY name ${limitPage}`,
  );
  return {
    createConversation: table.creator((row) => byId(row.id)),
    findConversation: byId,
    findConversationByName: table.find("workspace_id = ? AND name = ? AND name <> ''"),
    listConversations: (workspace: string, types: readonly string[], after: string, limit: number) =>
      makePage(list(workspace, after, JSON.stringify(types), limit), limit, (row) => row.name),
  };
}

/** A table whose rows are made once and found by what is unique. */
class Table<Row extends object> {
  constructor(
    readonly database: Database.Database,
    readonly name: string,
    readonly columns: Columns<Row>,
  ) {}

  /** @param find finds the row with the same key. */
  creator(find: (row: Row) => Row | undefined): (row: Row) => boolean {
    const { names, marks } = this.columns;
    const insert = new Statement(
      this.database,
      `INSERT INTO ${this.name} (${names}) VALUES (${marks}) ON CONFLICT DO NOTHING`,
    );
    return (row) => insert.run(this.columns.values(row)) === 1 || isDeepStrictEqual(find(row), row);
  }

  find(condition: string): (...values: SqlValue[]) => Row | undefined {
    const select = this.#select(condition);
    return (...values) => {
      const found = select.first(values);
      return found && this.columns.row(found);
    };
  }

  list(condition: string): (...values: SqlValue[]) => Row[] {
    const select = this.#select(condition);
    return (...values) => select.all(values).map((found) => this.columns.row(found));
  }

  #select(condition: string): Statement {
    return new Statement(this.database, `SELECT ${this.columns.names} FROM ${this.name} WHERE ${condition}`);
  }
}
