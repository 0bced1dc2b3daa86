import type { Caller } from "../../lib/auth/caller.js";
import type { Clock } from "../../lib/clock/clock.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { type ConversationId, makeId } from "../../lib/ids/ids.js";
import type { Owners } from "../../lib/owners/owners.js";
import { beginLog, isMissing } from "../../lib/owners/repairing-owners.js";
import type { ConversationRow, DirectoryStore } from "../../lib/store/directory-store.js";

/** What a conversation shall be. */
export type ConversationWish = Pick<ConversationRow, "name" | "topic"> & {
  readonly type: "public" | "private";
};

/** What creating a conversation takes. */
export interface CreationParts {
  readonly directory: Pick<DirectoryStore, "createConversation" | "findConversationByName">;
  /** Owners that repair nothing by themselves. */
  readonly owners: Owners;
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * Creates a conversation: first its row, which claims the name, then its log. If only the row comes to be,
 * the creator's next try with the same wish takes it up, and so does the first use by anybody.
 *
 * @throws ConfabError `name_taken`, or why the owner could not be reached in time.
 */
export async function createConversation(
  parts: CreationParts,
  caller: Caller,
  wish: ConversationWish,
  deadlineMs: number,
  trace?: string,
): Promise<ConversationRow> {
  const fresh: ConversationRow = {
    ...wish,
    id: makeId("C", parts.random) as ConversationId,
    workspaceId: caller.workspaceId,
    purpose: "",
    creator: caller.userId,
    createdUs: Math.floor(parts.clock.now() * 1000),
    archived: false,
  };
  const made = await parts.directory.createConversation(fresh);
  const row = made ? fresh : await findBegun(parts, fresh, deadlineMs, trace);
  await beginLog(parts.owners, row, deadlineMs, trace);
  return row;
}

/** The row of the same wish that has no log yet. */
async function findBegun(
  { directory, owners }: CreationParts,
  wish: ConversationRow,
  deadlineMs: number,
  trace: string | undefined,
): Promise<ConversationRow> {
  const row = await directory.findConversationByName(wish.workspaceId, wish.name);
  const same = row?.creator === wish.creator && row.type === wish.type && row.topic === wish.topic;
  if (!row || !same) throw new ConfabError("name_taken", "name");
  const range = { fromSeq: 0, limit: 1, downward: false, minSeq: 0 };
  const begun = await owners.readEvents(row.id, row.creator, range, deadlineMs, trace).then(
    () => true,
    (error) => {
      if (isMissing(error)) return false;
      // A creator who has left may not read, but there is something to be read.
      if (error instanceof ConfabError && error.code === "not_in_channel") return true;
      throw error;
    },
  );
  if (begun) throw new ConfabError("name_taken", "name");
  return row;
}
