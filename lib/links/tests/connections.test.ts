import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { Client, type ClientReadableStream, credentials, Metadata } from "@grpc/grpc-js";
import { service as healthService } from "grpc-health-check";
import type { CommandFrame, ResultFrame } from "../../../gen/confab/mesh/v1/write.js";
import { ManualClock } from "../../clock/manual-clock.js";
import { frameOf, numbersOf, recorder } from "../link-recorder.js";
import { Unreachable } from "../links.js";
import { PeerConnections } from "../peer-connections.js";
import { LinksLab } from "./links-lab.js";

const request = {
  channelId: "C0123456789AB",
  epoch: 7,
  reader: "U0123456789AB",
  minSeq: 0,
  question: undefined,
};
const fast = { keepaliveAfterMs: 30, keepaliveTimeoutMs: 60 };

describe("connections of links over gRPC", () => {
  const lab = new LinksLab();
  afterEach(() => lab.close());

  for (const direction of ["requests", "answers"] as const) {
    it(`are found dead at both ends when ${direction} get lost silently`, async () => {
      const server = recorder<CommandFrame>();
      const { address } = await lab.listen(lab.links(fast), { accept_commands: () => server.end });
      const between = await lab.proxy(address);
      const client = recorder<ResultFrame>();
      lab.links(fast).open(between.address, "commands", client.end).send(frameOf(1));
      await server.until(1);
      between.proxy.stall(direction);
      await Promise.all([client.closed, server.closed]);
    });
  }

  it("stay while nothing is sent but signs of life", async () => {
    const server = recorder<CommandFrame>();
    const { address } = await lab.listen(lab.links(fast), { accept_commands: () => server.end });
    let pings = 0;
    const relay = await spy(address, (bytes) => {
      // A frame of HTTP/2 has its type at 3; 6 is PING, and 1 at the flags says that it is an answer.
      if (bytes[3] === 6 && bytes[4] === 0) pings++;
    });
    const client = recorder<ResultFrame>();
    const link = lab.links(fast).open(relay.address, "commands", client.end);
    link.send(frameOf(1));
    await server.until(1);
    while (pings < 8) await relay.nextBytes();
    link.send(frameOf(2));
    assert.deepEqual(numbersOf(await server.until(2)), [1, 2]);
    await relay.close();
  });

  it("bring out what was sent before a link was closed, and say who closed it", async () => {
    const server = recorder<CommandFrame>();
    const { address } = await lab.listen(lab.links(), { accept_commands: () => server.end });
    const link = lab.links({ graceMs: 60_000 }).open(address, "commands", recorder<ResultFrame>().end);
    for (let number = 1; number <= 1000; number++) link.send(frameOf(number));
    link.close("enough");
    assert.equal(await server.closed, "the peer closed");
    assert.equal(server.frames.length, 1000);
  });

  it("are made anew after the peer came back at its port", async () => {
    const links = lab.links();
    const first = await lab.listen(links, { answer_ask: async () => ({ outcome: undefined }) });
    await links.call(first.address, "ask", request, 5000);
    await first.close();
    await assert.rejects(links.call(first.address, "ask", request, 5000), Unreachable);
    const server = recorder<CommandFrame>();
    await lab.listen(lab.links(), { accept_commands: () => server.end }, first.address);
    for (let number = 1; server.frames.length === 0; number++) {
      const client = recorder<ResultFrame>();
      links.open(first.address, "commands", client.end).send(frameOf(number));
      await Promise.race([client.closed, server.until(1)]);
    }
  });

  it("to peers that accept but say nothing are given up, and made anew", async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => sockets.push(socket.on("error", () => {})));
    mute.listen(0, "127.0.0.1");
    await once(mute, "listening");
    const address = `127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const links = lab.links({ acceptMs: 50 });
    const client = recorder<ResultFrame>();
    const link = links.open(address, "commands", client.end);
    link.send(frameOf(1));
    assert.equal(await client.closed, "the peer does not answer");
    await assert.rejects(links.call(address, "ask", request, 50), /took too long/);
    while (sockets.length < 2) await once(mute, "connection");
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => mute.close(resolve));
  });

  it("are one for each address, given up when they were not used for a while", () => {
    const clock = new ManualClock();
    const connections = new PeerConnections(clock, credentials.createInsecure(), {}, 1000);
    const cancelled: string[] = [];
    const first = connections.use("127.0.0.1:1", () => cancelled.push("first"));
    const second = connections.use("127.0.0.1:1", () => cancelled.push("second"));
    const other = connections.use("127.0.0.1:2", () => cancelled.push("other"));
    assert.equal(first.client, second.client);
    assert.notEqual(first.client, other.client);
    first.done();
    first.done();
    clock.advance(2000);
    assert.equal(connections.size, 2);
    second.done();
    clock.advance(999);
    connections.use("127.0.0.1:1", () => {}).done();
    clock.advance(999);
    assert.equal(connections.size, 2);
    clock.advance(1);
    assert.equal(connections.size, 1);
    connections.close();
    assert.deepEqual([connections.size, cancelled], [0, ["other"]]);
  });

  it("tell by gRPC's health whether a listener serves", async () => {
    const seen: string[] = [];
    const links = lab.links({ graceMs: 500 });
    const listener = await lab.listen(links, {});
    const client = new Client(listener.address, credentials.createInsecure());
    const { path, requestSerialize, responseDeserialize } = healthService.Watch!;
    const watch = (service: string): ClientReadableStream<{ status: string }> =>
      client.makeServerStreamRequest(
        path,
        requestSerialize,
        responseDeserialize as never,
        { service },
        new Metadata(),
      );
    for (const service of ["", "confab.mesh.v1.Write", "confab.mesh.v1.Attachment", "confab.mesh.v1.Log"]) {
      const stream = watch(service).on("error", () => {});
      assert.deepEqual(await once(stream, "data"), [{ status: "SERVING" }]);
      if (service !== "") stream.cancel();
      else stream.once("data", ({ status }) => seen.push(status));
    }
    await listener.close();
    assert.deepEqual(seen, ["NOT_SERVING"]);
    client.close();
  });

  it("end with the links, which open nothing afterwards and may be closed again", async () => {
    const server = recorder<CommandFrame>();
    const links = lab.links();
    links.close();
    const others = lab.links();
    const { address } = await lab.listen(lab.links(), {
      accept_commands: () => server.end,
      answer_ask: () => new Promise(() => {}),
    });
    const client = recorder<ResultFrame>();
    others.open(address, "commands", client.end).send(frameOf(1));
    await server.until(1);
    const call = assert.rejects(others.call(address, "ask", request, 5000), Unreachable);
    others.close();
    others.close();
    await Promise.all([client.closed, server.closed, call]);
    for (const closed of [links, others]) {
      const late = recorder<ResultFrame>();
      closed.open(address, "commands", late.end).send(frameOf(2));
      await late.closed;
      await assert.rejects(closed.call(address, "ask", request, 5000), Unreachable);
      await assert.rejects(closed.listen("127.0.0.1:0", {}), /closed/);
    }
  });
});

/** Passes bytes on and shows those of the client. */
async function spy(address: string, see: (bytes: Buffer) => void) {
  const [host, port] = address.split(":");
  const sockets: Socket[] = [];
  let wake = () => {};
  const server = createServer((near) => {
    const far = connect({ host: host!, port: Number(port) });
    sockets.push(
      near.on("error", () => {}),
      far.on("error", () => {}),
    );
    near.on("data", (bytes) => {
      see(bytes);
      far.write(bytes);
      wake();
    });
    far.on("data", (bytes) => near.write(bytes));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const nextBytes = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const close = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, nextBytes, close };
}
