import type { Command } from "../../../gen/confab/mesh/v1/write.js";
import { emojiPerMessageMax } from "../../../lib/limits/limits.js";
import type { Cell } from "./annotations.js";
import { placed, refused } from "./answers.js";
import type { Decision } from "./decision.js";
import type { EventKind } from "./rows.js";
import { isDeleted, type Target, textMark } from "./target.js";
import type { Targets } from "./targets.js";

type Action = NonNullable<Command["action"]>;
/** A wish to put something on a message or take it off. */
export type MessageAction = Extract<
  Action,
  { readonly $case: "edit" | "delete" | "react" | "unreact" | "pin" | "unpin" }
>;

/**
 * Decides a command about a message, of a member. What is so already is refused, or, if the command may have
 * been sent before, answered with the place where it came about.
 */
export function decideMessage(command: Command, action: MessageAction, targets: Targets): Decision {
  const target = targets.find(action.value.messageId);
  if (!target) return { answer: refused("message_not_found", "message_id") };
  if (isDeleted(target)) return decideDeleted(command, action, target);
  switch (action.$case) {
    case "edit":
      return decideEdit(command, action.value, target);
    case "delete":
      if (command.author !== target.author) return { answer: refused("cant_delete_message", "message_id") };
      return change(command, target, { $case: "messageDeleted", value: action.value });
    case "react":
      return decideReaction(command, action.value, target);
    case "unreact": {
      const cell = target.annotations.find("reaction", command.author, action.value.emoji);
      if (!isOn(cell)) return again(command, cell, "no_reaction", "emoji");
      return change(command, target, { $case: "reactionRemoved", value: action.value });
    }
    case "pin":
    case "unpin":
      return decidePin(command, action, target);
  }
}

function decideDeleted(command: Command, action: MessageAction, target: Target): Decision {
  const mine = action.$case === "delete" && command.author === target.author;
  return again(command, mine ? target.annotations.deletion : undefined, "message_not_found", "message_id");
}

/** The same text again is no edit; so a repeated command does no harm. */
function decideEdit(command: Command, value: { messageId: number; text: string }, target: Target): Decision {
  if (command.author !== target.author) return { answer: refused("cant_update_message", "message_id") };
  const edit = target.annotations.find("edit");
  const present = edit ? textMark(edit.value) : target.textMark;
  if (present === textMark(value.text)) return { answer: placed(edit ?? target) };
  return change(command, target, { $case: "messageEdited", value });
}

function decideReaction(
  command: Command,
  value: { messageId: number; emoji: string },
  target: Target,
): Decision {
  const { annotations } = target;
  const cell = annotations.find("reaction", command.author, value.emoji);
  if (isOn(cell)) return again(command, cell, "already_reacted", "emoji");
  const emoji = new Set(annotations.reactions().map((reaction) => reaction.emoji));
  if (emoji.size >= emojiPerMessageMax && !emoji.has(value.emoji)) {
    return { answer: refused("too_many_reactions", "emoji") };
  }
  return change(command, target, { $case: "reactionAdded", value });
}

function decidePin(
  command: Command,
  { $case, value }: Extract<MessageAction, { readonly $case: "pin" | "unpin" }>,
  target: Target,
): Decision {
  const cell = target.annotations.find("pin");
  const pin = $case === "pin";
  if (isOn(cell) === pin) return again(command, cell, pin ? "already_pinned" : "no_pin", "message_id");
  return change(command, target, { $case: pin ? "messagePinned" : "messageUnpinned", value });
}

function change({ author }: Command, target: Target, kind: EventKind): Decision {
  return { events: [{ author, kind, target }] };
}

/** What a command is told that wishes for what is so already. */
function again(
  { firstAttempt }: Command,
  cell: Cell | undefined,
  code: Parameters<typeof refused>[0],
  field: string,
): Decision {
  return { answer: cell && !firstAttempt ? placed(cell) : refused(code, field) };
}

function isOn(cell: Cell | undefined): boolean {
  return cell !== undefined && cell.value !== "";
}
