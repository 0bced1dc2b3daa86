import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, connect, createChannels, readLog } from "../tools/checks/api.js";
import { LocalServer, type Ready } from "../tools/checks/local-server.js";
import { openSocket, request } from "../tools/checks/server.js";

/** Slow enough that no token comes while the tests run. */
const never = "0.001";

describe("the rate limits of a running server", () => {
  const folder = mkdtempSync(join(tmpdir(), "confab-rates-"));
  const server = new LocalServer(folder, [], [], {
    CONFAB_RATE_LIMITS_CHANNEL_PER_SECOND: never,
    CONFAB_RATE_LIMITS_CHANNEL_BURST: "256",
    CONFAB_RATE_LIMITS_USER_CONNECTS_PER_SECOND: never,
    CONFAB_RATE_LIMITS_USER_CONNECTS_BURST: "2",
    CONFAB_RATE_LIMITS_GATEWAY_CONNECTS_PER_SECOND: never,
    CONFAB_RATE_LIMITS_GATEWAY_CONNECTS_BURST: "1",
  });
  let ready: Ready;
  let api: Api;

  before(async function () {
    this.timeout(30_000);
    ready = await server.start();
    api = connect(ready);
  });
  after(async () => {
    api?.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("refuse what a channel does not take, message by message, and store none of it", async () => {
    const [channelId = ""] = await createChannels(api, 1);
    const message = (text: string) => ({ text, clientMsgId: text, parentId: 0, broadcast: false });
    const post = async (name: string) => {
      const messages = Array.from({ length: 200 }, (_, i) => message(`${name}${i}`));
      const { results } = await api.messaging.postMessages({ channelId, messages, firstAttempt: false });
      return results.map(({ result }) => (result?.$case === "problem" ? result.value.code : result?.$case));
    };
    assert.deepEqual(new Set(await post("a")), new Set(["position"]));
    // Creating the channel and joining it took two of the 256.
    assert.deepEqual(await post("b"), [...Array(54).fill("position"), ...Array(146).fill("rate_limited")]);
    assert.deepEqual(new Set(await post("a")), new Set(["position"]));
    assert.equal((await readLog(api, channelId)).length, 256);
  });

  it("refuse tickets and sockets by HTTP 429 with whole seconds to wait", async () => {
    const ask = () => {
      const headers = { authorization: `Bearer ${ready.token}` };
      return request(ready, "/api/rtm.connect", { method: "POST", headers });
    };
    const { url, ticket } = (await (await ask()).json()) as { url: string; ticket: string };
    assert.equal((await ask()).status, 200);
    const refused = await ask();
    assert.equal(refused.status, 429);
    assert.match(refused.headers.get("retry-after") ?? "", /^(9\d\d|1000)$/);

    const open = () => openSocket(ready, url, ["confab.v1.json", `confab.ticket.${ticket}`]);
    const socket = open();
    await once(socket, "message");
    const answer = await new Promise<IncomingMessage>((resolve) => {
      open().once("unexpected-response", (_request, response) => resolve(response));
    });
    assert.equal(answer.statusCode, 429);
    assert.match(String(answer.headers["retry-after"]), /^(9\d\d|1000)$/);
    const chunks = await answer.toArray();
    assert.equal(JSON.parse(chunks.join("")).error, "rate_limited");
    socket.terminate();
  });
});
