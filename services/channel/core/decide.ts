import type { Command } from "../../../gen/confab/mesh/v1/write.js";
import type { ReadMarked } from "../../../gen/confab/v1/types.js";
import { placed, refused } from "./answers.js";
import type { Batch } from "./batch.js";
import { bodyHash } from "./body-hash.js";
import type { ChannelState } from "./channel-state.js";
import { decideJoin, decideLeave } from "./decide-members.js";
import { decideMessage } from "./decide-message.js";
import { decideNotice } from "./decide-notice.js";
import type { Decision } from "./decision.js";
import { isDeleted } from "./target.js";
import type { Targets } from "./targets.js";

/** Decides by the confirmed state and what the batch holds already: authorise first, then deduplicate. */
export function decide(command: Command, state: ChannelState, batch: Batch, targets: Targets): Decision {
  const { author, action } = command;
  if (action?.$case === "create") return decideCreate(command, state, batch);
  if (action?.$case === "notice") return decideNotice(command, action.value, state);
  if (action?.$case === "mark") return decideMark(command, action.value, state);
  if (state.tail.seq === 0) return { answer: refused("channel_not_found", "channel_id") };
  if (action?.$case === "join") return decideJoin(command, action.value.userIds, state);
  if (action?.$case === "leave") return decideLeave(command, action.value.userIds, state);
  if (!state.membership.has(author)) return { answer: refused("not_in_channel", "channel_id") };
  switch (action?.$case) {
    case "post":
      return decidePost(command, state, batch, targets);
    case "edit":
    case "delete":
    case "react":
    case "unreact":
    case "pin":
    case "unpin":
      return decideMessage(command, action, targets);
    default:
      return { answer: refused("invalid_argument", "action") };
  }
}

function decidePost(command: Command, state: ChannelState, batch: Batch, targets: Targets): Decision {
  if (command.action?.$case !== "post") return { answer: refused("invalid_argument", "action") };
  const { author, action } = command;
  const { clientMsgId, text, parentId, broadcast } = action.value;
  const known = clientMsgId === "" ? undefined : state.dedupe.find(author, clientMsgId);
  const inBatch = clientMsgId === "" ? undefined : batch.find(author, clientMsgId);
  // Without a hash the message was deleted: nobody knows any more what it said.
  const hash = known?.bodyHash || inBatch?.bodyHash;
  if (hash && hash !== bodyHash(action.value)) {
    return { answer: refused("client_msg_id_reused", "client_msg_id") };
  }
  if (known) return { answer: placed(known) };
  if (inBatch) return { join: inBatch.position };
  const parent = parentId === 0 ? undefined : targets.find(parentId);
  if (parentId !== 0 && (parent?.parentId !== 0 || isDeleted(parent))) {
    return { answer: refused("thread_not_found", "parent_id") };
  }
  const value = { text, clientMsgId, parentId, broadcast };
  return { events: [{ author, kind: { $case: "messagePosted", value }, target: parent }] };
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

/** Marks are kept by the user's own channel, and never move back. */
function decideMark({ author }: Command, value: ReadMarked, state: ChannelState): Decision {
  if (author !== state.id) return { answer: refused("not_in_channel", "channel_id") };
  if (!value.position) return { answer: refused("missing_argument", "position") };
  const present = state.marks.find(value.channelId);
  if ((present?.position?.seq ?? 0) >= value.position.seq) return { answer: placed(state.tail) };
  return { events: [{ author, kind: { $case: "readMarked", value } }] };
}
