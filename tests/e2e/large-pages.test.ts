import assert from "node:assert/strict";
import { connect, fromStart } from "../../clients/sdk/node.js";
import type { ServerFrame } from "../../gen/confab/v1/realtime.js";
import { ConversationType } from "../../gen/confab/v1/types.js";
import { textCodePointsMax } from "../../lib/limits/limits.js";
import { readLog } from "../../tools/checks/api.js";
import { ClientSocket } from "../../tools/checks/sockets/client-socket.js";
import { useMesh } from "./target/use-mesh.js";
import type { UserApi } from "./test-mesh.js";

const posts = 120;
const postsPerCall = 20;
/** The longest text that is accepted: of the code points that take most bytes. */
const text = "\u{1d11e}".repeat(textCodePointsMax);

describe("a channel whose messages are many times what a page holds", function () {
  this.timeout(60_000);
  const mesh = useMesh();
  let ada: UserApi;
  let channelId: string;
  let newest = 0;

  before(async () => {
    ada = mesh.user();
    const wish = { name: "large", type: ConversationType.CONVERSATION_TYPE_PUBLIC, topic: "" };
    channelId = (await ada.createConversation(wish)).conversation!.id;
    const messages = Array.from({ length: postsPerCall }, () => ({
      ...{ text, clientMsgId: "", parentId: 0, broadcast: false },
    }));
    for (let posted = 0; posted < posts; posted += postsPerCall) {
      const { results } = await ada.postMessages({ channelId, messages, firstAttempt: true });
      for (const { result } of results) assert.equal(result?.$case, "position", JSON.stringify(result));
    }
    newest = posts + 2;
  });

  const upTo = (seq: number) => Array.from({ length: seq }, (_, i) => i + 1);
  const seqsOf = (all: readonly { readonly seq: number }[]) => all.map(({ seq }) => seq);

  it("is read whole by ListEvents", async () => {
    assert.deepEqual(seqsOf(await readLog({ messaging: ada }, channelId)), upTo(newest));
  });

  it("is read whole by the client library: events, history, and a subscription from the start", async () => {
    const client = connect(mesh.server);
    try {
      assert.deepEqual(seqsOf(await all(client.events(channelId))), upTo(newest));
      const history = await all(client.history(channelId, { pageEvents: 1000 }));
      assert.deepEqual(seqsOf(history).reverse(), upTo(newest).slice(2));
      const received: number[] = [];
      for await (const { seq } of client.subscribe({ channel: channelId, position: fromStart })) {
        received.push(seq);
        if (seq === newest) break;
      }
      assert.deepEqual(received, upTo(newest));
    } finally {
      await client.close();
    }
  });

  it("is read whole by a socket that resumes", async () => {
    const received: number[] = [];
    let socket: ClientSocket | undefined;
    await new Promise<void>((resolve, reject) => {
      const listener = {
        frame: ({ events, frame }: ServerFrame) => {
          received.push(...seqsOf(events.map(({ event }) => event!)));
          if (frame?.$case === "gap" || frame?.$case === "error") reject(new Error(frame.$case));
          if (received.at(-1) === newest) resolve();
        },
        closed: (code: number) => reject(new Error(`the socket was closed (${code})`)),
      };
      ClientSocket.open(mesh.server, listener).then((opened) => {
        socket = opened;
        opened.subscribe(new Map([[channelId, { ...fromStart }]]));
      }, reject);
    }).finally(() => socket?.close());
    assert.deepEqual(received, upTo(newest));
  });
});

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const found: Value[] = [];
  for await (const value of values) found.push(value);
  return found;
}
