import type { ConversationId, UserId, WorkspaceId } from "../../ids/ids.js";
import type { ConversationRow, Page, TokenRow, UserRow, WorkspaceRow } from "../directory-store.js";
import type { Store } from "../store.js";
import { MemoryLog } from "./memory-log.js";
import { MemoryTable } from "./memory-table.js";

/** Everything in memory: deterministic, without timers, and gone with the process. */
export class MemoryStore extends MemoryLog implements Store {
  readonly #workspaces = new MemoryTable<WorkspaceRow>();
  readonly #users = new MemoryTable<UserRow>();
  readonly #tokens = new MemoryTable<TokenRow>();
  readonly #conversations = new MemoryTable<ConversationRow>();

  async createWorkspace(row: WorkspaceRow): Promise<boolean> {
    return this.#workspaces.create(row.id, undefined, row);
  }

  async findWorkspace(id: WorkspaceId): Promise<WorkspaceRow | undefined> {
    return this.#workspaces.find(id);
  }

  async createUser(row: UserRow): Promise<boolean> {
    return this.#users.create(row.id, nameIn(row.workspaceId, row.name), row);
  }

  async findUser(id: UserId): Promise<UserRow | undefined> {
    return this.#users.find(id);
  }

  async findUserByName(workspace: WorkspaceId, name: string): Promise<UserRow | undefined> {
    return this.#users.findByName(nameIn(workspace, name));
  }

  async listUsers(workspace: WorkspaceId, after: string, limit: number): Promise<Page<UserRow>> {
    return this.#users.list(
      (row) => row.workspaceId === workspace,
      (row) => row.id,
      after,
      limit,
    );
  }

  async createToken(row: TokenRow): Promise<boolean> {
    return this.#tokens.create(row.hash, row.id, row);
  }

  async findToken(hash: string): Promise<TokenRow | undefined> {
    return this.#tokens.find(hash);
  }

  async createConversation(row: ConversationRow): Promise<boolean> {
    const name = row.name === "" ? undefined : nameIn(row.workspaceId, row.name);
    return this.#conversations.create(row.id, name, row);
  }

  async findConversation(id: ConversationId): Promise<ConversationRow | undefined> {
    return this.#conversations.find(id);
  }

  async findConversationByName(workspace: WorkspaceId, name: string): Promise<ConversationRow | undefined> {
    return this.#conversations.findByName(nameIn(workspace, name));
  }

  async listConversations(
    workspace: WorkspaceId,
    types: readonly ConversationRow["type"][],
    after: string,
    limit: number,
  ): Promise<Page<ConversationRow>> {
    return this.#conversations.list(
      (row) => row.workspaceId === workspace && row.name !== "" && types.includes(row.type),
      (row) => row.name,
      after,
      limit,
    );
  }

  /** Nothing is under way and nothing is held: the rows go with the object. */
  async close(): Promise<void> {}
}

/** Ids of workspaces are all of one length, so no two pairs read the same. */
function nameIn(workspace: WorkspaceId, name: string): string {
  return workspace + name;
}
