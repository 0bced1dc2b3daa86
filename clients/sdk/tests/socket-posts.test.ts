import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { LocalServer } from "../../../tools/checks/local-server.js";
import { type Client, connect, type OpenSocket, type Socket } from "../node.js";

const lossesWanted = 3;
/** Of so many answers to posts over sockets one is lost, and the socket with it. */
const answersPerLoss = 4;

describe("a client whose socket dies between a post and its answer", function () {
  this.timeout(60_000);
  let folder: string;
  let server: LocalServer;
  let client: Client;
  let overSockets = 0;
  let lost = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "confab-sdk-"));
    server = new LocalServer(folder);
    const { url, token } = await server.start();
    const random = () => Math.random() / 10;
    client = connect({ url, token, webSocket: openLossy, random });
  });
  after(async () => {
    await client?.close();
    await server?.close();
    await rm(folder, { recursive: true });
  });

  /** A socket that is cut when the server has acknowledged a post, before the client knows. */
  const openLossy: OpenSocket = (url, subprotocols) => {
    const inner = new WebSocket(url, subprotocols);
    const outer: Socket = {
      ...{ onmessage: null, onclose: null, onerror: null },
      send: (text) => inner.send(text),
      close: () => inner.close(),
    };
    inner.onmessage = ({ data }) => {
      const isAck = String(data).startsWith('{"ack":');
      if (isAck && ++overSockets % answersPerLoss === 0) {
        lost++;
        inner.terminate();
      } else outer.onmessage?.({ data });
    };
    inner.onclose = ({ code, reason }) => outer.onclose?.({ code, reason });
    inner.onerror = (error) => outer.onerror?.(error);
    return outer;
  };

  it("has each message stored once, in order, at the place that it is told", async () => {
    const subscription = client.subscribe("general");
    await subscription.ready;
    const posted: { text: string; seq: number }[] = [];
    while (lost < lossesWanted) {
      const text = `message ${posted.length}`;
      posted.push({ text, seq: (await client.post("general", text)).seq });
    }
    const stored: { text: string; seq: number }[] = [];
    for await (const { seq, kind } of client.events("general")) {
      if (kind?.$case === "messagePosted") stored.push({ text: kind.value.text, seq });
    }
    assert.deepEqual(stored, posted);
    assert.equal(overSockets, lossesWanted * answersPerLoss);
  });
});
