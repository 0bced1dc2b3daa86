import { DirectoryService } from "../../gen/confab/v1/directory.js";
import { MessagingService } from "../../gen/confab/v1/messaging.js";
import { ConversationType, type Event } from "../../gen/confab/v1/types.js";
import { pageEventsMax } from "../../lib/limits/limits.js";
import { type Methods, RpcClient } from "../../lib/rpc/client.js";
import { inTurns } from "./in-turns.js";
import type { Server } from "./server.js";

/** So many calls are made at a time. */
const callsMax = 64;

/** The services of one server, called over one connection. */
export interface Api {
  readonly messaging: Methods<typeof MessagingService>;
  readonly directory: Methods<typeof DirectoryService>;
  close(): void;
}

/** Connects to a started server with its token. */
export function connect({ grpc, token, ca }: Pick<Server, "grpc" | "token" | "ca">): Api {
  const client = new RpcClient({ address: grpc, token, ca });
  return {
    messaging: client.service(MessagingService),
    directory: client.service(DirectoryService),
    close: () => client.close(),
  };
}

/** Creates conversations, public ones unless told otherwise; resolves with their ids. */
export async function createChannels(
  api: Api,
  count: number,
  { type = ConversationType.CONVERSATION_TYPE_PUBLIC, prefix = "check" } = {},
): Promise<string[]> {
  const ids: string[] = [];
  await inTurns(count, callsMax, async (index) => {
    const name = `${prefix}-${index + 1}`;
    const { conversation } = await api.directory.createConversation({ name, type, topic: "" });
    if (!conversation) throw new Error("a conversation was created without an answer");
    ids[index] = conversation.id;
  });
  return ids;
}

/** The events of channels, as `readLog` reads each. */
export async function readLogs(api: Api, channels: readonly string[]): Promise<Map<string, Event[]>> {
  const logs = new Map<string, Event[]>();
  for (const channelId of channels) logs.set(channelId, await readLog(api, channelId));
  return logs;
}

/** All events of a channel, in the order in which they are returned. */
export async function readLog(api: Pick<Api, "messaging">, channelId: string): Promise<Event[]> {
  const events: Event[] = [];
  for (;;) {
    const afterSeq = events.at(-1)?.seq ?? 0;
    const page = await api.messaging.listEvents({ channelId, afterSeq, limit: pageEventsMax });
    events.push(...page.events);
    const last = events.at(-1)?.seq ?? 0;
    if (last >= (page.newest?.seq ?? 0)) return events;
    if (page.events.length === 0)
      throw new Error(`${channelId}: nothing after ${last}, yet it is not the end`);
  }
}
