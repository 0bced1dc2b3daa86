import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { systemClock } from "../clock/system-clock.js";
import { TcpListener } from "./tcp-listener.js";

const log = { debug() {}, info() {}, warn() {}, error() {} };

describe("TcpListener", () => {
  it("names the port that it got, at any kind of host", async () => {
    for (const host of ["127.0.0.1", "localhost"]) {
      const listener = new TcpListener(log, () => {});
      const address = await listener.listen(`${host}:0`);
      assert.match(address, new RegExp(`^${host}:[1-9]\\d+$`));
      await listener.close(systemClock, 0);
    }
  });

  it("says that a port is taken", async () => {
    const first = new TcpListener(log, () => {});
    const address = await first.listen("127.0.0.1:0");
    await assert.rejects(new TcpListener(log, () => {}).listen(address), { code: "EADDRINUSE" });
    await first.close(systemClock, 0);
  });

  it("ends connections that do not end by themselves, when the time is over", async () => {
    let accepted: Socket | undefined;
    const listener = new TcpListener(log, (socket) => {
      accepted = socket;
      socket.resume();
    });
    const [host, port] = (await listener.listen("127.0.0.1:0")).split(":");
    const client = connect({ host: host!, port: Number(port) });
    client.on("error", () => {});
    await once(client, "connect");
    const closed = once(client, "close");
    await listener.close(systemClock, 10);
    assert.ok(accepted?.destroyed);
    client.destroy();
    await closed;
  });
});
