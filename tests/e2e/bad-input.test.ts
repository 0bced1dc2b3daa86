import assert from "node:assert/strict";
import type { Event } from "../../gen/confab/v1/types.js";
import type { TestSocket } from "../../services/gateway/tests/test-socket.js";
import { readLog } from "../../tools/checks/api.js";
import { type BadInputStage, makeStage } from "./bad-input.js";
import { badInputGrpc } from "./bad-input-grpc.js";
import { badInputHttp } from "./bad-input-http.js";
import { badInputSocket } from "./bad-input-socket.js";
import { useMesh } from "./target/use-mesh.js";

describe("bad input gets its one named error and changes nothing", () => {
  const mesh = useMesh();
  let stage: BadInputStage;
  let follower: TestSocket;
  let log: Event[];

  const post = (text: string, clientMsgId: string) => {
    const message = { text, clientMsgId, parentId: 0, broadcast: false };
    return stage.ada.messaging.postMessage({ channelId: stage.channelId, message, firstAttempt: false });
  };
  const names = async () => {
    const request = { pageToken: "", limit: 0, mine: false };
    const { conversations } = await stage.ada.directory.listConversations(request);
    return conversations.map(({ name }) => name);
  };

  before(async () => {
    stage = await makeStage(mesh);
    log = await readLog(stage.ada, stage.channelId);
    follower = await mesh.socket(mesh.ada.token);
    follower.send(JSON.stringify({ subscribe: { channels: [{ channelId: stage.channelId }] } }));
    for (const kind of ["subscribed", "ready"]) assert.match(await follower.next(), new RegExp(kind));
  });

  afterEach("nothing was stored or delivered", async () => {
    assert.deepEqual(await readLog(stage.ada, stage.channelId), log);
    assert.deepEqual(await names(), ["general", "quiet"]);
    follower.send('{"ping":{}}');
    assert.match(await follower.next(), /^\{"pong"/);
  });

  for (const { what, error, send } of [...badInputHttp, ...badInputGrpc, ...badInputSocket]) {
    it(`${what}: ${error}`, async () => assert.equal(await send(stage), error));
  }

  it("and afterwards the next message is the next event, for all", async () => {
    const { position } = await post("said after", "after");
    assert.equal(position?.seq, log.length + 1);
    const { events } = JSON.parse(await follower.next());
    assert.equal(events[0].event.seq, log.length + 1);
    log = await readLog(stage.ada, stage.channelId);
    assert.equal(log.length, position?.seq);
  });
});
