import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { ada, bob, channel, delivery } from "../core/gateway-stage.js";
import { healthPath } from "../sockets.js";
import { jsonSubprotocol, TestGateway, testedEngines } from "./test-gateway.js";

/** Longer than a test may take. */
const longMs = 600_000;

for (const engine of testedEngines) {
  describe(`closing a gateway, by ${engine}`, () => {
    let gateway: TestGateway;
    beforeEach(async () => {
      gateway = await TestGateway.make(engine);
      await gateway.start();
    });
    afterEach(async () => assert.deepEqual(await gateway.stop(), []));

    it("ends its sockets with a code that means: come back", async () => {
      const sockets = [await gateway.follow(ada), await gateway.connect(bob)];
      const closed = sockets.map((socket) => socket.closed());
      await gateway.close();
      for (const { code, reason } of await Promise.all(closed)) {
        assert.deepEqual({ code, reason }, { code: 4000, reason: "the gateway is going away" });
      }
    });

    it("asks clients first to come back elsewhere, goes on serving them, and lets nobody in", async () => {
      const socket = await gateway.follow(ada);
      const drained = gateway.drain(20);
      const { goAway } = JSON.parse(await socket.next());
      assert.ok((goAway.reconnectInMs ?? 0) < 20);
      const newcomer = gateway.dial([jsonSubprotocol, `confab.ticket.${bob}`]);
      assert.equal(await newcomer.refusal(), "503 unavailable");
      gateway.deliver(delivery(4));
      assert.match(await socket.next(), /^\{"events":/);
      await drained;
    });

    it("need not wait for anybody once all clients have gone", async () => {
      const socket = await gateway.follow(ada);
      const drained = gateway.drain(longMs);
      assert.match(await socket.next(), /^\{"goAway":/);
      socket.socket.close();
      await drained;
      await gateway.drain(longMs);
    });

    it("waits no longer when it is hurried", async () => {
      const socket = await gateway.follow(ada);
      const hurry = new AbortController();
      const drained = gateway.drain(longMs, hurry.signal);
      assert.match(await socket.next(), /^\{"goAway":/);
      hurry.abort();
      await drained;
    });

    it("takes no sockets any more, and can be done twice", async () => {
      await gateway.close();
      await gateway.close();
      const socket = gateway.dial([jsonSubprotocol, `confab.ticket.${ada}`]);
      const [error] = await once(socket.socket, "error");
      assert.equal(error.code, "ECONNREFUSED");
    });

    it("ends connections by which its health is asked again and again", async () => {
      const { hostname, port } = new URL(gateway.url);
      const client = connect({ host: hostname, port: Number(port) });
      const ask = () => client.write(`GET ${healthPath} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
      ask();
      await once(client, "data");
      await gateway.close();
      client.on("data", ask).on("error", () => {});
      ask();
      if (!client.closed) await once(client, "close");
    });

    it("lets nobody in whose ticket was still being checked", async () => {
      let checked = () => {};
      gateway.ticketsWait = new Promise((resolve) => {
        checked = resolve;
      });
      const socket = gateway.dial([jsonSubprotocol, `confab.ticket.${ada}`]);
      const refusal = socket.refusal();
      await once(gateway.happened, "ticket");
      await gateway.close();
      checked();
      assert.equal(await refusal, "503 unavailable");
    });

    it("lets a client go that does not say goodbye", async () => {
      const { hostname, port } = new URL(gateway.url);
      const client = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
      const protocols = `${jsonSubprotocol}, confab.ticket.${ada}`;
      client.write(
        `GET /v1/socket HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
          `Sec-WebSocket-Protocol: ${protocols}\r\n\r\n`,
      );
      while (!String((await once(client, "data"))[0]).includes("hello"));
      const ended = once(client, "end");
      await gateway.close();
      await ended;
      client.destroy();
    });

    it("forgets clients that went away by themselves", async () => {
      const [staying, going] = [await gateway.follow(ada), await gateway.follow(bob)];
      going.socket.close();
      await going.closed();
      gateway.deliver(delivery(4));
      assert.match(await staying.next(), new RegExp(channel));
    });
  });
}
