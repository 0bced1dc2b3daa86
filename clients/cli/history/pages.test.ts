import assert from "node:assert/strict";
import type { Message } from "../../../gen/confab/v1/types.js";
import type { Connection } from "../server/connection.js";
import { allMessages, newestMessages } from "./pages.js";

/** A conversation of so many events, of which every third is no message, read in pages of so many at most. */
function conversation(events: number, pageMax: number) {
  let largest = 0;
  const listMessages = async ({ beforeSeq, limit }: { beforeSeq: number; limit: number }) => {
    assert.ok(limit >= 1 && limit <= 1000, `limit ${limit}`);
    const to = beforeSeq === 0 ? events : Math.min(beforeSeq - 1, events);
    const from = Math.max(1, to - Math.min(limit, pageMax) + 1);
    largest = Math.max(largest, to - from + 1);
    const seqs = Array.from({ length: to - from + 1 }, (_, i) => to - i).filter((seq) => seq % 3 !== 0);
    const messages = seqs.map((seq) => ({ seq }) as Message);
    return { messages, nextBeforeSeq: from > 1 ? from : 0, newest: { seq: events, id: events } };
  };
  const call = (work: (api: { messaging: object }) => Promise<unknown>) =>
    work({ messaging: { listMessages } });
  return { call } as unknown as Connection;
}

const messageSeqs = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((seq) => seq % 3 !== 0);

async function all(connection: Connection): Promise<number[]> {
  const seqs: number[] = [];
  for await (const page of allMessages(connection, "C1")) seqs.push(...page.map(({ seq }) => seq));
  return seqs;
}

describe("history", () => {
  it("is read whole, oldest first, whatever the size of its pages", async () => {
    for (const events of [1, 999, 1000, 1001, 2000, 2500]) {
      for (const pageMax of [1000, 300]) {
        assert.deepEqual(await all(conversation(events, pageMax)), messageSeqs(1, events));
      }
    }
  });

  it("is read from the end for the newest messages", async () => {
    const newest = async (count: number) =>
      (await newestMessages(conversation(2500, 300), "C1", count)).map(({ seq }) => seq);
    assert.deepEqual(await newest(3), [2497, 2498, 2500]);
    assert.deepEqual(await newest(1000), messageSeqs(1, 2500).slice(-1000));
    assert.deepEqual(await newest(5000), messageSeqs(1, 2500));
  });
});
