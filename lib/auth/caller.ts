import type { UserId, WorkspaceId } from "../ids/ids.js";

/** On whose behalf a request is done, as its token or ticket proved. */
export interface Caller {
  readonly userId: UserId;
  readonly workspaceId: WorkspaceId;
  /** Names the token (it is not the token). */
  readonly tokenId: string;
}
