import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { StallingProxy } from "./stalling-proxy.js";

describe("StallingProxy", () => {
  const seen: string[] = [];
  const server = createServer((socket) => {
    socket.on("data", (bytes) => {
      seen.push(bytes.toString());
      socket.write(bytes);
    });
    socket.on("error", () => {});
  });
  let proxy: StallingProxy;
  let client: Socket;
  beforeEach(async () => {
    seen.length = 0;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    proxy = await StallingProxy.before({ host: "127.0.0.1", port: (server.address() as AddressInfo).port });
    client = connect(proxy.address);
    await once(client, "connect");
  });
  afterEach(async () => {
    client.destroy();
    await proxy.close();
    await new Promise((resolve) => server.close(resolve));
  });

  async function answer(): Promise<string> {
    const [bytes] = await once(client, "data");
    return bytes.toString();
  }

  it("holds back answers to requests that arrived, and lets them through late", async () => {
    client.write("one");
    assert.equal(await answer(), "one");
    proxy.stall("answers");
    const served = once(server, "connection");
    client.write("two");
    const other = connect(proxy.address);
    await served;
    other.destroy();
    while (seen.length < 2) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(client.bytesRead, 3);
    proxy.resume();
    assert.equal(await answer(), "two");
  });

  it("holds back requests", async () => {
    proxy.stall("requests");
    client.write("one");
    const direct = connect((server.address() as AddressInfo).port);
    direct.write("direct");
    await once(direct, "data");
    direct.destroy();
    assert.deepEqual(seen, ["direct"]);
    proxy.resume();
    assert.equal(await answer(), "one");
  });

  it("cuts connections", async () => {
    const closed = once(client, "close");
    proxy.cut();
    await closed;
  });
});
