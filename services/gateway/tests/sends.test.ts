import assert from "node:assert/strict";
import { once } from "node:events";
import { ConversationType } from "../../../gen/confab/v1/types.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { ada, bob, channel } from "../core/gateway-stage.js";
import { TestGateway, testedEngines } from "./test-gateway.js";
import type { TestSocket } from "./test-socket.js";

const deadlineMs = Number.POSITIVE_INFINITY;

for (const engine of testedEngines) {
  describe(`what clients send to channels through a gateway, by ${engine}`, () => {
    let gateway: TestGateway;
    let socket: TestSocket;
    let expectedErrors: number;
    beforeEach(async () => {
      expectedErrors = 0;
      gateway = await TestGateway.make(engine);
      await gateway.start();
      const value = { workspaceId: "", name: "x", type: ConversationType.CONVERSATION_TYPE_PUBLIC };
      const options = { firstAttempt: true, deadlineMs };
      await gateway.owners.command(channel, ada, [{ $case: "create", value }], options);
      gateway.owners.seen.length = 0;
      socket = await gateway.connect(ada);
    });
    afterEach(async () => assert.equal((await gateway.stop()).length, expectedErrors));

    const post = (requestId: number, text: string) =>
      JSON.stringify({ requestId, post: { channelId: channel, message: { text, clientMsgId: text } } });
    const next = async (from = socket) => JSON.parse(await from.next());

    it("is stored in the order in which it was sent, and acknowledged by its place", async () => {
      const texts = Array.from({ length: 20 }, (_, i) => `text ${i}`);
      for (const [i, text] of texts.entries()) socket.send(post(i + 1, text));
      for (const i of texts.keys()) {
        assert.deepEqual(await next(), { ack: { requestId: i + 1, position: { seq: i + 2, id: i + 2 } } });
      }
      const log = gateway.owners.logs.get(channel)!.slice(1);
      const stored = log.map(({ kind }) => kind?.$case === "messagePosted" && kind.value.text);
      assert.deepEqual(stored, texts);
      assert.ok(gateway.owners.seen.every(({ author }) => author === ada));
    });

    it("is refused by name, and the connection goes on", async () => {
      socket.send(post(1, "refuse me"));
      const refused = (await next()).error;
      assert.deepEqual([refused.requestId, refused.channelId], [1, channel]);
      assert.equal(refused.problem.code, "client_msg_id_reused");
      const stranger = await gateway.connect(bob);
      stranger.send(post(2, "text"));
      assert.equal((await next(stranger)).error.problem.code, "not_in_channel");
      socket.send(post(3, "text"));
      assert.equal((await next()).ack.requestId, 3);
    });

    it("has an answer when owners fail, by whatever error", async () => {
      gateway.owners.failures.push(new ConfabError("unavailable"), new Error("no disk"));
      expectedErrors = 1;
      for (const code of ["unavailable", "internal"]) {
        socket.send(post(1, "text"));
        assert.equal((await next()).error.problem.code, code);
      }
    });

    it("moves the read mark forward, never back", async () => {
      const mark = (seq: number) =>
        socket.send(JSON.stringify({ requestId: seq, mark: { channelId: channel, seq } }));
      gateway.owners.answers.set("place", { position: { seq: 5, id: 1005 }, count: 3 });
      gateway.owners.answers.set("marks", { marks: [] });
      gateway.owners.logs.set(ada, [{ seq: 1, id: 1, author: ada, kind: undefined }]);
      mark(5);
      assert.deepEqual(await next(), { ack: { requestId: 5, position: { seq: 5, id: 1005 } } });
      const [done] = gateway.owners.seen;
      assert.deepEqual([done?.channel, done?.actions[0]?.$case], [ada, "mark"]);
      const position = { seq: 7, id: 1007 };
      gateway.owners.answers.set("marks", { marks: [{ channelId: channel, position, count: 1 }] });
      mark(6);
      assert.deepEqual(await next(), { ack: { requestId: 6, position } });
      assert.equal(gateway.owners.seen.length, 1);
      gateway.owners.answers.delete("place");
      mark(8);
      assert.equal((await next()).error.problem.code, "not_in_channel");
    });

    it("is carried out for a client that is gone, whose answer goes nowhere", async () => {
      socket.send(post(1, "last words"));
      socket.end();
      await once(socket.socket, "close");
      const other = await gateway.connect(ada);
      other.send(post(1, "text"));
      const { ack } = await next(other);
      assert.ok(ack.position.seq <= 3);
    });
  });
}
