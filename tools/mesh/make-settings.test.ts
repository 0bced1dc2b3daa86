import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { makeSettings } from "./make-settings.js";
import { countsDefault } from "./settings.js";

describe("the settings of a mesh", () => {
  const make = (request: Parameters<typeof makeSettings>[0], hasJaeger = true) =>
    makeSettings({ port: 0, ...request }, undefined, hasJaeger);

  it("are what was asked for, and the usual beside", async () => {
    const { counts, sampling } = await make({ counts: { channels: 5 } });
    assert.deepEqual(counts, { ...countsDefault, channels: 5 });
    assert.equal(sampling, 1);
  });

  it("send traces to Jaeger if it is there, to a collector if one is named, else nowhere", async () => {
    const own = await make({});
    assert.equal(own.otlp, `127.0.0.1:${own.ports.jaeger! + 2}`);
    const elsewhere = await make({ otlp: "http://localhost:4317/" });
    assert.deepEqual([elsewhere.jaeger, elsewhere.otlp], [false, "127.0.0.1:4317"]);
    for (const without of [await make({}, false), await make({ jaeger: false })]) {
      assert.deepEqual([without.jaeger, without.otlp, without.ports.jaeger], [false, undefined, undefined]);
    }
    await assert.rejects(make({ otlp: "localhost:4317" }), /must be http:\/\/HOST:PORT/);
  });

  it("keep the ports of the time before, those of parts that are away for once too", async () => {
    const before = await make({});
    const { ports } = await makeSettings({ port: 0, jaeger: false }, before, true);
    assert.deepEqual(ports, before.ports);
  });

  it("are refused where somebody has the port for clients", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await assert.rejects(make({ port }), /somebody listens at .* already; choose another port by --port/);
    server.close();
  });
});
