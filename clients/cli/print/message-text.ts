import { Message } from "../../../gen/json/confab/v1/types.js";
import { screenText } from "./text.js";
import { localTime, slackTs } from "./times.js";

/** A message of a history for people: `time author: text`, behind its id if that is asked for. */
export function messageText(message: Message, author: string, withId = false): string {
  const { id, text, deleted, editedId, reactions, thread, pinned } = message;
  const notes = [
    editedId === 0 ? "" : "edited",
    pinned ? "pinned" : "",
    thread ? `${thread.replyCount} in thread` : "",
    ...reactions.map(({ emoji, count }) => `:${screenText(emoji)}: ${count}`),
  ].filter((note) => note !== "");
  const body = deleted ? "(deleted)" : screenText(text);
  const start = withId ? `${slackTs(id)}  ` : "";
  return `${start}${localTime(id)} ${author}: ${body}${notes.length > 0 ? ` [${notes.join(", ")}]` : ""}`;
}

/** A message of a history for programs. */
export function messageJson(channelId: string, message: Message): string {
  return JSON.stringify({ channelId, ...Object(Message.toJSON(message)), ts: slackTs(message.id) });
}
