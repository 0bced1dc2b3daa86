import assert from "node:assert/strict";
import { once } from "node:events";
import { clientFrameBytesMax, socketFrameBytesMax } from "../../../lib/limits/limits.js";
import { ada } from "../core/gateway-stage.js";
import { TestGateway, testedEngines } from "./test-gateway.js";
import type { TestSocket } from "./test-socket.js";

for (const engine of testedEngines) {
  describe(`frames that a client sends to a gateway, by ${engine}`, () => {
    let gateway: TestGateway;
    let socket: TestSocket;
    beforeEach(async () => {
      gateway = await TestGateway.make(engine);
      await gateway.start();
      socket = await gateway.connect(ada);
    });
    afterEach(async () => assert.deepEqual(await gateway.stop(), []));

    const errorOf = (frame: string) => JSON.parse(frame).error.problem.code;

    /** A ping of so many bytes. */
    const pingOf = (bytes: number) => `{"ping":{},"requestId":7}`.padEnd(bytes);

    it("are answered", async () => {
      socket.send(pingOf(0));
      assert.equal(await socket.next(), '{"pong":{"requestId":7}}');
      socket.socket.ping("x");
      const [data] = await once(socket.socket, "pong");
      assert.equal(String(data), "x");
    });

    it("are refused by name when they are no frames, and the connection goes on", async () => {
      for (const [frame, code] of [
        ["", "invalid_json"],
        ["{", "invalid_json"],
        ['{"pong":{}}', "invalid_frame"],
        [Buffer.from(pingOf(0)), "invalid_frame"],
        [new Uint8Array(), "invalid_frame"],
        ['{"post":{"channelId":{"toString":1}}}', "invalid_frame"],
      ] as const) {
        socket.send(frame);
        assert.equal(errorOf(await socket.next()), code);
      }
      socket.send(pingOf(0));
      assert.match(await socket.next(), /pong/);
    });

    it("may have as many bytes as hello said, and one more ends the connection by name", async () => {
      socket.send(pingOf(clientFrameBytesMax));
      assert.match(await socket.next(), /pong/);
      socket.send(pingOf(clientFrameBytesMax + 1));
      const closed = socket.closed();
      assert.equal(errorOf(await socket.next()), "frame_too_large");
      assert.equal((await closed).code, 4500);
    });

    it("are measured in bytes, not in characters", async () => {
      socket.send(`{"typing":{"channelId":"${"ö".repeat(clientFrameBytesMax / 2)}"}}`);
      const closed = socket.closed();
      assert.equal(errorOf(await socket.next()), "frame_too_large");
      assert.equal((await closed).code, 4500);
    });

    it("end the connection unread when they are far too large", async () => {
      const other = await gateway.connect(ada);
      const closed = socket.closed();
      socket.send(pingOf(socketFrameBytesMax + 1));
      assert.ok((await closed).code < 4000);
      other.send(pingOf(0));
      assert.match(await other.next(), /pong/);
    });
  });
}
