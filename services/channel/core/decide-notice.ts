import type { Command } from "../../../gen/confab/mesh/v1/write.js";
import type { MembershipChanged } from "../../../gen/confab/v1/types.js";
import { parseConversationId, parseUserId } from "../../../lib/ids/ids.js";
import { placed, refused } from "./answers.js";
import type { ChannelState } from "./channel-state.js";
import type { Decision } from "./decision.js";

/**
 * A conversation's owner tells a user of a change of their membership. It may tell twice, and a replaced
 * owner may tell late: what is not newer than what is known here of the conversation is not written.
 */
export function decideNotice({ author }: Command, value: MembershipChanged, state: ChannelState): Decision {
  if (!parseUserId(state.id)) return { answer: refused("invalid_argument", "channel_id") };
  if (author !== state.id) return { answer: refused("not_in_channel", "channel_id") };
  const { channelId, seq } = value;
  if (!parseConversationId(channelId)) return { answer: refused("invalid_id", "notice.channel_id") };
  if (seq === 0) return { answer: refused("missing_argument", "notice.seq") };
  const known = state.notices.find(channelId, seq);
  if (known) return { answer: placed(known) };
  return { events: [{ author, kind: { $case: "membershipChanged", value } }] };
}
