import type { Command } from "../../../gen/confab/mesh/v1/write.js";
import { type Outcome, placed, refused } from "./answers.js";
import type { Batch } from "./batch.js";
import { bodyHash } from "./body-hash.js";
import type { ChannelState } from "./channel-state.js";
import type { NewEvent } from "./rows.js";

/**
 * What to do with a command whose turn it is: answer it now, join an event of the batch, or add events to
 * it.
 */
export type Decision =
  | { readonly answer: Outcome }
  | { readonly join: { readonly seq: number; readonly id: number } }
  | { readonly events: readonly NewEvent[] };

/** Decides by the confirmed state and what the batch holds already: authorise first, then deduplicate. */
export function decide(command: Command, state: ChannelState, batch: Batch): Decision {
  const { author, action } = command;
  if (action?.$case === "create") return decideCreate(command, state, batch);
  if (state.tail.seq === 0) return { answer: refused("channel_not_found", "channel_id") };
  if (action?.$case === "join" && action.value.userIds.every((user) => state.membership.has(user))) {
    return { answer: placed(state.tail) };
  }
  if (!state.membership.has(author)) return { answer: refused("not_in_channel", "channel_id") };
  switch (action?.$case) {
    case "post":
      return decidePost(command, state, batch);
    case "join":
      return { events: [{ author, kind: { $case: "membersJoined", value: action.value } }] };
    default:
      return { answer: refused("invalid_argument", "action") };
  }
}

function decidePost(command: Command, state: ChannelState, batch: Batch): Decision {
  if (command.action?.$case !== "post") return { answer: refused("invalid_argument", "action") };
  const { author, action } = command;
  const { clientMsgId, text, parentId, broadcast } = action.value;
  const known = clientMsgId === "" ? undefined : state.dedupe.find(author, clientMsgId);
  const inBatch = clientMsgId === "" ? undefined : batch.find(author, clientMsgId);
  const hash = known?.bodyHash ?? inBatch?.bodyHash;
  if (hash !== undefined && hash !== bodyHash(action.value)) {
    return { answer: refused("client_msg_id_reused", "client_msg_id") };
  }
  if (known) return { answer: placed(known) };
  if (inBatch) return { join: inBatch.position };
  const value = { text, clientMsgId, parentId, broadcast };
  return { events: [{ author, kind: { $case: "messagePosted", value } }] };
}

/** Creating again by the creator is answered alike, so that a retry does no harm. */
function decideCreate(command: Command, state: ChannelState, batch: Batch): Decision {
  if (command.action?.$case !== "create") return { answer: refused("invalid_argument", "action") };
  const { author } = command;
  if (state.tail.seq > 0) {
    const again = state.membership.has(author);
    return { answer: again ? placed(state.tail) : refused("name_taken", "channel_id") };
  }
  if (batch.events.length > 0) return { answer: refused("name_taken", "channel_id") };
  return {
    events: [
      { author, kind: { $case: "conversationCreated", value: command.action.value } },
      { author, kind: { $case: "membersJoined", value: { userIds: [author] } } },
    ],
  };
}
