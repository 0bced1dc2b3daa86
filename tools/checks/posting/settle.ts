import { setTimeout as wait } from "node:timers/promises";
import type { PostResult } from "../../../gen/confab/v1/messaging.js";
import { ConfabError, errorTable, isErrorCode } from "../../../lib/errors/errors.js";
import type { Api } from "../api.js";
import type { Post } from "./ledger.js";

const retryMsMin = 20;
const openMsMax = 60_000;

/** What it takes to get posts acknowledged. */
export interface Settling {
  /** The server as it is now, or will be once it is up again. */
  api(): Promise<Api>;
  /** 0 up to 1. */
  random(): number;
  /** Is told of each try that got no position. */
  failed?(): void;
  /** Ends everything when it aborts, acknowledged or not. */
  readonly halt: AbortSignal;
}

/** Sends posts of one channel in one call, again and again under their ids, until all are acknowledged. */
export async function settle(posts: readonly Post[], settling: Settling): Promise<void> {
  const giveUp = performance.now() + openMsMax;
  let open = posts;
  for (let firstAttempt = true; open.length > 0; firstAttempt = false) {
    settling.halt.throwIfAborted();
    if (performance.now() > giveUp) throw new Error(`${open[0]?.clientMsgId} got no outcome in time`);
    try {
      await send(await settling.api(), open, firstAttempt);
    } catch (error) {
      if (!(error instanceof ConfabError && canPass(error.code))) throw error;
      settling.failed?.();
    }
    open = open.filter((post) => !post.position);
    if (open.length > 0) await wait(retryMsMin * (1 + settling.random()));
  }
}

async function send({ messaging }: Api, posts: readonly Post[], firstAttempt: boolean): Promise<void> {
  const messages = posts.map(({ text, clientMsgId }) => ({
    text,
    clientMsgId,
    parentId: 0,
    broadcast: false,
  }));
  const [post, ...others] = posts;
  if (!post) return;
  const { channelId } = post;
  if (others.length === 0) {
    const { position } = await messaging.postMessage({ channelId, message: messages[0], firstAttempt });
    post.position = position;
    return;
  }
  const { results } = await messaging.postMessages({ channelId, messages, firstAttempt });
  for (const [index, sent] of posts.entries()) settleOne(sent, results[index]);
}

function settleOne(post: Post, outcome: PostResult | undefined): void {
  const result = outcome?.result;
  if (result?.$case === "position") post.position = result.value;
  else if (result?.$case === "problem" && canPass(result.value.code)) post.refused = true;
  else throw new Error(`${post.clientMsgId}: ${JSON.stringify(result ?? "no result")}`);
}

/** Whether an error leaves open what became of a post: sent again, it may be stored. */
function canPass(code: string): boolean {
  return isErrorCode(code) && (errorTable[code].retry || code === "internal");
}
