import type { Ledger, Post } from "../posting/ledger.js";
import { type Settling, settle } from "../posting/settle.js";

/** Who posts how much, and where. */
export interface Plan {
  readonly posts: number;
  readonly callers: number;
  readonly batch: number;
  readonly channels: readonly string[];
}

/** Callers post at the same time, each call after call round the channels, until all is acknowledged. */
export async function postAll(plan: Plan, ledger: Ledger, settling: Settling): Promise<void> {
  const shares = Array.from({ length: plan.callers }, (_, i) => sharesOf(plan, i));
  await Promise.all(
    shares.map(async (calls) => {
      for (const posts of calls) {
        for (const post of posts) ledger.add(post);
        await settle(posts, settling);
      }
    }),
  );
}

/**
 * The calls of one caller: together they make all posts, and each channel gets the same number or one call
 * more.
 */
export function sharesOf({ posts, callers, batch, channels }: Plan, caller: number): Post[][] {
  const total = Math.floor(posts / callers) + (caller < posts % callers ? 1 : 0);
  const name = `caller${caller + 1}`;
  const calls: Post[][] = [];
  for (let number = 1; number <= total; ) {
    const channelId = channels[(caller + calls.length) % channels.length] ?? "";
    const call: Post[] = [];
    for (; call.length < batch && number <= total; number++) {
      const clientMsgId = `${name}-${number}`;
      call.push({ channelId, caller: name, number, clientMsgId, text: `post ${clientMsgId}` });
    }
    calls.push(call);
  }
  return calls;
}
