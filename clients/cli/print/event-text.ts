import { Event } from "../../../gen/json/confab/v1/types.js";
import { screenText } from "./text.js";
import { localTime, slackTs } from "./times.js";

/** Most users that are named one by one. */
const namedUsersMax = 5;

/** Finds a user's name. */
export type NameOf = (userId: string) => Promise<string>;

/** An event for people: `time author: text`, or what happened in short. */
export async function eventText(event: Event, nameOf: NameOf): Promise<string> {
  const { kind } = event;
  const author = event.author ? await nameOf(event.author) : "confab";
  const time = localTime(event.id);
  if (kind?.$case === "messagePosted") {
    const { text, parentId } = kind.value;
    const place = parentId === 0 ? "" : ` in thread ${slackTs(parentId)}`;
    return `${time} ${author}${place}: ${text === "" ? "(deleted)" : screenText(text)}`;
  }
  return `${time} * ${author} ${await deed(event, nameOf)}`;
}

/** What the author did, when that was not posting. */
async function deed({ author, kind }: Event, nameOf: NameOf): Promise<string> {
  switch (kind?.$case) {
    case "messageEdited":
      return `edited ${slackTs(kind.value.messageId)}: ${screenText(kind.value.text)}`;
    case "messageDeleted":
      return `deleted ${slackTs(kind.value.messageId)}`;
    case "reactionAdded":
      return `put :${screenText(kind.value.emoji)}: on ${slackTs(kind.value.messageId)}`;
    case "reactionRemoved":
      return `took :${screenText(kind.value.emoji)}: off ${slackTs(kind.value.messageId)}`;
    case "messagePinned":
      return `pinned ${slackTs(kind.value.messageId)}`;
    case "messageUnpinned":
      return `unpinned ${slackTs(kind.value.messageId)}`;
    case "membersJoined":
      return isSelf(kind.value.userIds, author)
        ? "joined"
        : `added ${await names(kind.value.userIds, nameOf)}`;
    case "membersLeft":
      return isSelf(kind.value.userIds, author)
        ? "left"
        : `removed ${await names(kind.value.userIds, nameOf)}`;
    case "conversationUpdated":
      return `set the topic: ${screenText(kind.value.topic)}`;
    default:
      return kind ? inWords(kind.$case) : "did something that this version does not know";
  }
}

/** `conversationArchived` → `archived the conversation`: kinds that need no more than their name. */
function inWords(name: string): string {
  const [, noun = "", verb = ""] = /^([a-z]+)(.*)$/.exec(name) ?? [];
  return `${verb.toLowerCase()} the ${noun}`;
}

function isSelf(userIds: readonly string[], author: string): boolean {
  return userIds.length === 1 && userIds[0] === author;
}

async function names(userIds: readonly string[], nameOf: NameOf): Promise<string> {
  const named = await Promise.all(userIds.slice(0, namedUsersMax).map(nameOf));
  const more = userIds.length - named.length;
  return named.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** An event for programs: the contract's canonical JSON, with its channel and its id as Slack writes it. */
export function eventJson(channelId: string, event: Event): string {
  return JSON.stringify({ channelId, ...Object(Event.toJSON(event)), ts: slackTs(event.id) });
}
