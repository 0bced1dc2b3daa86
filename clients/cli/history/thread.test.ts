import assert from "node:assert/strict";
import type { Client, Message } from "../../sdk/node.js";
import { listThread } from "./thread.js";

/** A thread of so many replies with the ids 1, 2, 3 …, read in pages of so many at most. */
function thread(count: number, pageMax: number) {
  const listReplies = async ({ afterId, limit }: { afterId: number; limit: number }) => {
    const size = Math.min(pageMax, limit, count - afterId);
    const replies = Array.from({ length: size }, (_, i) => ({ id: afterId + i + 1 }) as Message);
    return { parent: { id: 1000 }, replies, hasMore: afterId + size < count };
  };
  return { messaging: { listReplies } } as unknown as Client;
}

describe("a thread", () => {
  it("is the message, once, and all replies in their order", async () => {
    for (const [count, pageMax] of [
      [0, 3],
      [3, 3],
      [8, 3],
    ] as const) {
      const ids: number[] = [];
      for await (const { id } of listThread(thread(count, pageMax), "C", 1000)) ids.push(id);
      assert.deepEqual(ids, [1000, ...Array.from({ length: count }, (_, i) => i + 1)]);
    }
  });
});
