import type { ConversationId, UserId, WorkspaceId } from "../ids/ids.js";

export interface WorkspaceRow {
  readonly id: WorkspaceId;
  readonly name: string;
}

export interface UserRow {
  readonly id: UserId;
  readonly workspaceId: WorkspaceId;
  /** Handle, unique in the workspace. */
  readonly name: string;
  readonly displayName: string;
  readonly bot: boolean;
  readonly deactivated: boolean;
  /** Who made the user and may make tokens for it; empty for the first of a workspace. */
  readonly creator: string;
}

export interface ConversationRow {
  readonly id: ConversationId;
  readonly workspaceId: WorkspaceId;
  /** Unique in the workspace. */
  readonly name: string;
  readonly type: "public" | "private" | "direct" | "group";
  readonly topic: string;
  readonly purpose: string;
  readonly creator: UserId;
  /** Microseconds since the Unix epoch. */
  readonly createdUs: number;
  readonly archived: boolean;
}

export interface TokenRow {
  /** SHA-256 of the token, hexadecimal; the token itself is nowhere. */
  readonly hash: string;
  readonly id: string;
  readonly userId: UserId;
  readonly workspaceId: WorkspaceId;
  readonly label: string;
  readonly revoked: boolean;
}

/** A page of rows; `next` goes into the call for the following page and is empty at the end. */
export interface Page<Row> {
  readonly rows: Row[];
  readonly next: string;
}

/**
 * Workspaces, users, conversations and tokens. `create…` makes the row only if neither its id nor its name
 * (in its workspace) is taken, atomically, and tells whether it did; the same row again counts as made.
 */
export interface DirectoryStore {
  createWorkspace(row: WorkspaceRow): Promise<boolean>;
  findWorkspace(id: WorkspaceId): Promise<WorkspaceRow | undefined>;
  createUser(row: UserRow): Promise<boolean>;
  findUser(id: UserId): Promise<UserRow | undefined>;
  findUserByName(workspace: WorkspaceId, name: string): Promise<UserRow | undefined>;
  listUsers(workspace: WorkspaceId, after: string, limit: number): Promise<Page<UserRow>>;
  createToken(row: TokenRow): Promise<boolean>;
  findToken(hash: string): Promise<TokenRow | undefined>;
  createConversation(row: ConversationRow): Promise<boolean>;
  findConversation(id: ConversationId): Promise<ConversationRow | undefined>;
  findConversationByName(workspace: WorkspaceId, name: string): Promise<ConversationRow | undefined>;
  /** Conversations with a name, of the given types, in the order of their names. */
  listConversations(
    workspace: WorkspaceId,
    types: readonly ConversationRow["type"][],
    after: string,
    limit: number,
  ): Promise<Page<ConversationRow>>;
}
