import type { Clock } from "../../../lib/clock/clock.js";
import { type Client, ConfabError, type Event, type Position, type Subscription } from "../../sdk/node.js";

/** How long the first subscription may take, in milliseconds; later ones are tried for ever. */
export const firstMsMax = 10_000;

/** What following takes. */
export interface FollowParts {
  readonly client: Pick<Client, "subscribe">;
  readonly clock: Clock;
  /** What channels are called, by their ids. */
  readonly titles: ReadonlyMap<string, string>;
  /** Behind which event of each to begin; undefined: with what comes next. */
  readonly position: Position | undefined;
  /** Ends it. */
  readonly stop: AbortSignal;
  /** Takes each event once, in the order of its channel. */
  readonly show: (channelId: string, event: Event) => Promise<void>;
  /** Tells what happens besides. */
  readonly say: (words: string) => void;
  /** What went wrong with the connection last. */
  readonly failure: () => ConfabError | undefined;
}

/** Follows channels until it is stopped. @throws ConfabError when going on is of no use */
export async function follow(parts: FollowParts): Promise<void> {
  const { clock, stop, show, failure } = parts;
  const subscription = subscribe(parts);
  const close = () => subscription.close();
  const late = new ConfabError("deadline_exceeded", "", "the server does not deliver the channels in time");
  const first = clock.after(firstMsMax, () => subscription.end(failure() ?? late));
  subscription.ready.then(
    () => first.cancel(),
    () => first.cancel(),
  );
  stop.addEventListener("abort", close, { once: true });
  if (stop.aborted) close();
  try {
    for await (const event of subscription) {
      await show(event.channelId, event);
      if (stop.aborted) return;
    }
  } finally {
    stop.removeEventListener("abort", close);
  }
}

function subscribe({ client, titles, position, say }: FollowParts): Subscription {
  const titleOf = (channelId: string) => titles.get(channelId) ?? channelId;
  const open = new Set(titles.keys());
  let isFollowing = false;
  const subscription = client.subscribe(
    [...open].map((channel) => ({ channel, position })),
    undefined,
    {
      onLost: ({ channelId, fromSeq, toSeq }) =>
        say(`confab: events ${fromSeq} to ${toSeq} of ${titleOf(channelId)} are gone, or not yours to read`),
      onChannelEnded: (channelId, error) => {
        const left = isFollowing ? leaveReason(titleOf(channelId), error) : undefined;
        open.delete(channelId);
        if (!left || open.size === 0) return subscription.end(left ?? error);
        say(`confab: ${left.message}`);
      },
    },
  );
  subscription.ready.then(
    () => {
      isFollowing = true;
    },
    () => {},
  );
  return subscription;
}

/** Why one channel is not followed any more; undefined for what concerns all of them. */
function leaveReason(title: string, { code }: ConfabError): ConfabError | undefined {
  switch (code) {
    case "channel_not_found":
      return new ConfabError(code, "", `${title} was deleted`);
    case "not_in_channel":
      return new ConfabError(code, "", `you are no longer a member of ${title}`);
    default:
      return undefined;
  }
}
