import assert from "node:assert/strict";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import type { Down, DownFrame, UpFrame } from "../../../gen/confab/mesh/v1/attach.js";
import type { CommandFrame, ResultFrame } from "../../../gen/confab/mesh/v1/write.js";
import type { LinkLimits } from "../grpc-options.js";
import { frameOf, numbersOf, recorder } from "../link-recorder.js";
import type { Link } from "../links.js";
import { streamMethods } from "../mesh-methods.js";
import { LinksLab } from "./links-lab.js";

const mebibyte = 1024 * 1024;

describe("links over gRPC under pressure", () => {
  const lab = new LinksLab();
  afterEach(() => lab.close());

  function deliveryOf(bytes: number): Down {
    const value = { seq: 1, id: 1, frame: new Uint8Array(bytes), membership: false, deletes: 0 };
    return { alias: 1, item: { $case: "delivery", value } };
  }

  /** A stream down to a peer behind a proxy. */
  async function downTo(limits: Partial<LinkLimits>) {
    const server = recorder<UpFrame>();
    let down: Link<DownFrame> | undefined;
    const links = lab.links(limits);
    const listener = await lab.listen(links, {
      accept_attach: (link) => {
        down = link;
        return server.end;
      },
    });
    const { proxy, address } = await lab.proxy(listener.address);
    const client = recorder<DownFrame>();
    links.open(address, "attach", client.end).send({ items: [] });
    await server.until(1);
    return { links, listener, server, client, down: down!, proxy, address };
  }

  /** Sends more than the connection's window, the proxy and the kernel hold together; why it was closed. */
  async function flood(link: Link<DownFrame>, closed: Promise<string>): Promise<string> {
    let reason: string | undefined;
    void closed.then((why) => {
      reason = why;
    });
    for (let sent = 0; reason === undefined; sent++) {
      assert.ok(sent < 200, "200 MiB were taken");
      link.send({ items: [deliveryOf(mebibyte)] });
      await new Promise(setImmediate);
    }
    return reason;
  }

  it("close a link whose peer does not keep up, by the bound and with a reason", async () => {
    const { server, client, down, proxy } = await downTo({ waitingBytesMax: 4 * mebibyte });
    proxy.stall("answers");
    assert.match(await flood(down, server.closed), /does not keep up: \d+ bytes wait/);
    assert.match(lab.complaints.join(), /does not keep up/);
    proxy.resume();
    assert.match(await client.closed, /does not keep up/);
  });

  it("close it at the opener's end as well", async () => {
    const { links, server, proxy, address } = await downTo({ waitingBytesMax: 4 * mebibyte });
    const client = recorder<DownFrame>();
    const up = links.open(address, "attach", client.end);
    up.send({ items: [] });
    await server.until(2);
    proxy.stall("requests");
    const typing = { parentId: 0, userId: "U".repeat(mebibyte) };
    const wish = { channelId: "C", epoch: 1, wish: { $case: "typing" as const, value: typing } };
    const reason = await flood({ send: () => up.send({ items: [wish] }), close: up.close }, client.closed);
    assert.match(reason, /does not keep up: \d+ bytes wait/);
  });

  it("close a listener in time, whatever its peers hold back", async () => {
    const { listener, server, down, proxy } = await downTo({ graceMs: 50 });
    proxy.stall("answers");
    for (let i = 0; i < 40; i++) down.send({ items: [deliveryOf(mebibyte)] });
    await Promise.all([listener.close(), server.closed]);
  });

  it("take at once what one turn brings, however large", async () => {
    const { client, down } = await downTo({ waitingBytesMax: mebibyte });
    down.send({ items: Array.from({ length: 12 }, () => deliveryOf(mebibyte)) });
    const [frame] = await client.until(1);
    assert.equal(frame?.items.length, 12);
    down.send({ items: [] });
    await client.until(2);
  });

  it("bring a frame that is too large for one message in several, in order", async () => {
    const { client, down } = await downTo({ messageBytesMax: 10_000 });
    const items = Array.from({ length: 100 }, (_, i) => ({ ...deliveryOf(1000), alias: i + 1 }));
    down.send({ items });
    const seen = () => client.frames.flatMap((frame) => frame.items.map(({ alias }) => alias));
    while (seen().length < 100) await client.until(client.frames.length + 1);
    assert.deepEqual(
      seen(),
      items.map(({ alias }) => alias),
    );
    assert.ok(client.frames.length > 10);
  });

  it("close a link, with a word in the log, at an item that no message can hold", async () => {
    const { client, server, down } = await downTo({ messageBytesMax: 10_000 });
    down.send({ items: [deliveryOf(20_000)] });
    await Promise.all([client.closed, server.closed]);
    assert.match(lab.complaints.join(), /could not be sent/);
  });

  it("fail a call whose answer is too large", async () => {
    const links = lab.links({ messageBytesMax: 10_000 });
    const value = { code: "internal", field: "", message: "x".repeat(20_000), retryMs: 0, ownerEpoch: 0 };
    const { address } = await lab.listen(links, {
      answer_readEvents: async () => ({ outcome: { $case: "refusal", value } }),
    });
    const request = { channelId: "C0123456789AB", epoch: 1, reader: "", minSeq: 0, fromSeq: 0, limit: 1 };
    await assert.rejects(links.call(address, "readEvents", { ...request, downward: false }, 5000), /larger/);
  });

  it("say in the log, at both ends, that a call failed by a fault", async () => {
    const links = lab.links();
    const { address } = await lab.listen(links, { answer_ask: () => Promise.reject(new Error("a fault")) });
    const request = { channelId: "C0123456789AB", epoch: 1, reader: "", minSeq: 0, question: undefined };
    await assert.rejects(links.call(address, "ask", request, 5000), /failed/);
    assert.deepEqual(lab.complaints, ["a call failed", "a call between services failed"]);
  });

  it("close a link on which something unreadable comes, and go on", async () => {
    const server = recorder<CommandFrame>();
    const links = lab.links();
    const { address } = await lab.listen(links, { accept_commands: () => server.end });
    const client = new Client(address, credentials.createInsecure());
    const { path, requestSerialize: same } = streamMethods.commands;
    const stream = client.makeBidiStreamRequest(path, same, same, new Metadata());
    stream.on("data", () => {});
    stream.write(Buffer.from("no frame at all"));
    const ended = new Promise((resolve) => stream.on("status", resolve));
    assert.match(await server.closed, /could not be read/);
    await ended;
    assert.match(lab.complaints.join(), /could not be read/);
    client.close();
    const next = recorder<ResultFrame>();
    links.open(address, "commands", next.end).close("enough");
    await next.closed;
  });

  it("close a link whose receiver fails, at either end, and only that one", async () => {
    const fail = () => {
      throw new Error("a fault");
    };
    const server = recorder<CommandFrame>();
    const links = lab.links();
    const ends = [{ received: fail, closed: fail }, server.end];
    const { address } = await lab.listen(links, { accept_commands: () => ends.shift()! });
    const client = recorder<ResultFrame>();
    links.open(address, "commands", client.end).send(frameOf(1));
    await client.closed;
    const other = recorder<ResultFrame>();
    const link = links.open(address, "commands", other.end);
    link.send(frameOf(2));
    assert.deepEqual(numbersOf(await server.until(1)), [2]);
    assert.match(lab.complaints.join(), /could not be handled.*end of a link could not be handled/);
  });

  it("close a link that could not be accepted", async () => {
    const links = lab.links();
    const { address } = await lab.listen(links, {
      accept_commands: () => {
        throw new Error("a fault");
      },
    });
    const client = recorder<ResultFrame>();
    links.open(address, "commands", client.end).send(frameOf(1));
    assert.equal(await client.closed, "not accepted");
    assert.match(lab.complaints.join(), /could not be accepted/);
  });
});
