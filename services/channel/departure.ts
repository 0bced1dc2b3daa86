import { type Clock, sleep } from "../../lib/clock/clock.js";
import type { Coordinator } from "../../lib/coordination/coordinator.js";
import { MembersView } from "../../lib/ring/members-view.js";
import type { RingView } from "../../lib/ring/ring-view.js";

/** Longest time that a server that leaves waits for its slots to be taken over, in ms. */
const departureMsMax = 20_000;
/** Wait before a server says once more that it leaves, when nobody answered, in ms. */
const sayAgainMs = 250;

/** What a departure is made of. */
export interface DepartureParts {
  readonly clock: Clock;
  readonly coordinator: Pick<Coordinator, "watch">;
  readonly ring: Pick<RingView, "onChange">;
  readonly memberId: string;
  ownedSlots(): number;
  /** Tells the others that this server leaves; rejects if they may not know. */
  say(): Promise<void>;
  /** Aborts when it is not to be waited any more. */
  readonly hurry: AbortSignal;
}

/**
 * Says that a server leaves, and waits until it owns nothing any more. Where nobody is there who stays,
 * nobody takes anything over, and there is nothing to wait for; so it is with a server that is alone.
 */
export async function depart(parts: DepartureParts): Promise<void> {
  const { clock, coordinator, ring, memberId, hurry } = parts;
  const over = new AbortController();
  const end = () => over.abort();
  hurry.addEventListener("abort", end, { once: true });
  if (hurry.aborted) end();
  let areKnown = false;
  const somebodyStays = () => members.all().some((other) => other.memberId !== memberId && !other.leaving);
  const look = () => {
    if (parts.ownedSlots() === 0 || (areKnown && !somebodyStays())) end();
  };
  const members = new MembersView(coordinator, () => {
    areKnown = true;
    look();
  });
  const forget = ring.onChange(look);
  void sayUntilHeard(parts, over.signal);
  await sleep(clock, departureMsMax, over.signal);
  end();
  forget();
  members.close();
  hurry.removeEventListener("abort", end);
}

async function sayUntilHeard({ clock, say }: DepartureParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await say();
    } catch {
      await sleep(clock, sayAgainMs, signal);
    }
  }
}
