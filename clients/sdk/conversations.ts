import type { DirectoryDefinition } from "../../gen/json/confab/v1/directory.js";
import { type Conversation, ConversationType } from "../../gen/json/confab/v1/types.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { parseChannelId } from "../../lib/ids/ids.js";
import { pageEventsMax } from "../../lib/limits/limits.js";
import type { Service } from "./calls/services.js";

/** A conversation to create. */
export interface NewConversation {
  /** Without `#`. */
  readonly name: string;
  /** For members by invitation only. */
  readonly private?: boolean;
  readonly topic?: string;
}

/** The conversations of a workspace, by id or by name with or without `#`. */
export class Conversations {
  /** Ids of names that were asked for. */
  readonly #ids = new Map<string, Promise<string>>();

  constructor(private readonly directory: Service<typeof DirectoryDefinition>) {}

  /** The public ones; with `mine` those that the caller is a member of, private ones too. */
  async *list({ mine = false } = {}): AsyncGenerator<Conversation> {
    let pageToken = "";
    do {
      const page = await this.directory.listConversations({ pageToken, limit: pageEventsMax, mine });
      yield* page.conversations;
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
  }

  /** Creates a conversation with the caller as its first member. */
  async create({ name, private: isPrivate = false, topic = "" }: NewConversation): Promise<Conversation> {
    const { CONVERSATION_TYPE_PRIVATE, CONVERSATION_TYPE_PUBLIC } = ConversationType;
    const type = isPrivate ? CONVERSATION_TYPE_PRIVATE : CONVERSATION_TYPE_PUBLIC;
    const { conversation } = await this.directory.createConversation({ name: bare(name), type, topic });
    return found(conversation);
  }

  /** @throws ConfabError `channel_not_found` */
  async get(channel: string): Promise<Conversation> {
    const request = parseChannelId(channel) ? { channelId: channel } : { name: bare(channel) };
    const { conversation } = await this.directory.getConversation(request);
    return found(conversation);
  }

  /** The id of a channel; names are looked up once. */
  async idOf(channel: string): Promise<string> {
    if (parseChannelId(channel)) return channel;
    const name = bare(channel);
    const known = this.#ids.get(name);
    if (known) return known;
    const looked = this.get(name).then(({ id }) => id);
    this.#ids.set(name, looked);
    looked.catch(() => this.#ids.delete(name));
    return looked;
  }
}

function bare(name: string): string {
  return name.replace(/^#/, "");
}

function found(conversation: Conversation | undefined): Conversation {
  if (!conversation) throw new ConfabError("channel_not_found");
  return conversation;
}
