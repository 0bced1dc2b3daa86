import assert from "node:assert/strict";
import { type Client, connect, type Fetch } from "../../sdk/node.js";
import { allMessages, newestMessages } from "./pages.js";

const channelId = "C000000000001";

/** A conversation of so many events, of which every third is no message, read in pages of so many at most. */
function conversation(events: number, pageMax: number) {
  const asked: number[] = [];
  const fetch: Fetch = async (_url, { body }) => {
    const { beforeSeq = 0, limit } = JSON.parse(body);
    assert.ok(limit >= 1 && limit <= 1000, `limit ${limit}`);
    asked.push(limit);
    const to = beforeSeq === 0 ? events : Math.min(beforeSeq - 1, events);
    const from = Math.max(1, to - Math.min(limit, pageMax) + 1);
    const seqs = Array.from({ length: to - from + 1 }, (_, i) => to - i).filter((seq) => seq % 3 !== 0);
    const messages = seqs.map((seq) => ({ seq }));
    const page = { messages, nextBeforeSeq: from > 1 ? from : 0, newest: { seq: events, id: events } };
    return { status: 200, text: async () => JSON.stringify(page) };
  };
  return { client: connect({ url: "http://chat.test", token: "t", fetch }), asked };
}

const messageSeqs = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((seq) => seq % 3 !== 0);

async function all(client: Client): Promise<number[]> {
  const seqs: number[] = [];
  for await (const page of allMessages(client, channelId)) seqs.push(...page.map(({ seq }) => seq));
  return seqs;
}

describe("history", () => {
  it("is read whole, oldest first, whatever the size of its pages", async () => {
    for (const events of [1, 999, 1000, 1001, 2000, 2500]) {
      for (const pageMax of [1000, 300]) {
        assert.deepEqual(await all(conversation(events, pageMax).client), messageSeqs(1, events));
      }
    }
  });

  it("is read with no more calls than it has pages", async () => {
    const { client, asked } = conversation(2500, 1000);
    await all(client);
    assert.deepEqual(asked, [1, 1000, 1000, 500]);
  });

  it("is read from the end for the newest messages", async () => {
    const newest = async (count: number) =>
      (await newestMessages(conversation(2500, 300).client, channelId, count)).map(({ seq }) => seq);
    assert.deepEqual(await newest(3), [2497, 2498, 2500]);
    assert.deepEqual(await newest(1000), messageSeqs(1, 2500).slice(-1000));
    assert.deepEqual(await newest(5000), messageSeqs(1, 2500));
  });
});
