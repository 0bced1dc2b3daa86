import { setTimeout as wait } from "node:timers/promises";
import type { Ledger, Post } from "./ledger.js";
import { type Settling, settle } from "./settle.js";

/** Who posts how much, and where. */
export interface Plan {
  readonly posts: number;
  readonly callers: number;
  readonly batch: number;
  readonly channels: readonly string[];
  /** Messages in a second, of all callers together; as fast as they are acknowledged if it is not given. */
  readonly rate?: number;
  /** Writes the text of a message when it is about to be sent; short and of no interest if not given. */
  readonly textOf?: (clientMsgId: string) => string;
  /** These were acknowledged. */
  readonly acked?: (posts: readonly Post[]) => void;
}

/** Callers post at the same time, each call after call round the channels, until all is acknowledged. */
export async function postAll(plan: Plan, ledger: Ledger, settling: Settling): Promise<void> {
  const began = performance.now();
  const shares = Array.from({ length: plan.callers }, (_, i) => sharesOf(plan, i));
  await Promise.all(
    shares.map(async (calls, caller) => {
      for (const [number, planned] of calls.entries()) {
        await waitUntil(began + dueMs(plan, caller, number));
        const posts = planned.map((post) => withText(post, plan));
        for (const post of posts) ledger.add(post);
        await settle(posts, settling);
        plan.acked?.(posts);
      }
    }),
  );
}

function withText(post: Post, { textOf }: Plan): Post {
  return textOf ? { ...post, text: textOf(post.clientMsgId) } : post;
}

/** When a call is to be made, in ms since the beginning: calls of all callers are evenly apart. */
export function dueMs({ rate, batch, callers }: Plan, caller: number, call: number): number {
  return rate === undefined ? 0 : ((call * callers + caller) * batch * 1000) / rate;
}

async function waitUntil(atMs: number): Promise<void> {
  const ms = atMs - performance.now();
  if (ms > 0) await wait(ms);
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
