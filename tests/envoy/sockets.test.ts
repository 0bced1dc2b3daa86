import assert from "node:assert/strict";
import { once } from "node:events";
import { status } from "@grpc/grpc-js";
import type { HttpsUpstream } from "./https-upstream.js";
import { EnvoyStage, needsEnvoy, type RunningEnvoy } from "./stage.js";

const pockets = Array.from({ length: 12 }, (_, i) => `W${i}`);

describe("sockets through Envoy", function () {
  this.timeout(40_000);
  needsEnvoy();
  let stage: EnvoyStage;
  let gateways: [HttpsUpstream, HttpsUpstream];
  let running: RunningEnvoy;
  beforeEach(async () => {
    stage = await EnvoyStage.open();
    gateways = [await stage.https("one", "gateway"), await stage.https("two", "gateway")];
    const web = await stage.https("web", "web");
    const admin = await stage.grpc("admin", "admin");
    admin.mayAnswer = () => false;
    const edits = [["max_stream_duration: 70s", "max_stream_duration: 0.2s"]] as const;
    running = await stage.envoy({
      upstreams: { gatewaySockets: gateways, web: [web], admin: [admin] },
      edits,
    });
    web.answer = () => {};
  });
  afterEach(() => stage?.close());

  /** The gateway that a socket gets to. */
  const gatewayOf = async (query: string) => {
    const opened = await running.clients.socket(query);
    assert.ok("socket" in opened, JSON.stringify(opened));
    opened.socket.terminate();
    return opened.first;
  };
  const gatewaysOf = async () => {
    const places: string[] = [];
    for (const pocket of pockets) places.push(await gatewayOf(`?pocket=${pocket}`));
    return places;
  };

  it("meet those of their pocket, elsewhere while that gateway is out, and there again after", async () => {
    const before = await gatewaysOf();
    assert.deepEqual([...new Set(before)].sort(), ["one", "two"], "both have pockets");
    assert.deepEqual(await gatewaysOf(), before);
    const [one] = gateways;
    one.isReady = false;
    await running.envoy.untilHealth("gatewaySockets", one.port, false);
    assert.deepEqual(
      await gatewaysOf(),
      before.map(() => "two"),
    );
    one.isReady = true;
    await running.envoy.untilHealth("gatewaySockets", one.port, true);
    assert.deepEqual(await gatewaysOf(), before);
  });

  it("get to any gateway without a pocket", async () => {
    const seen = new Set<string>();
    for (let i = 0; i < 64 && seen.size < 2; i++) seen.add(await gatewayOf(""));
    assert.equal(seen.size, 2);
  });

  it("stay with a gateway that is not ready any more, and outlive what calls may take", async () => {
    const opened = await running.clients.socket("?pocket=W1");
    assert.ok("socket" in opened);
    const own = gateways.find(({ name }) => name === opened.first)!;
    own.isReady = false;
    await running.envoy.untilHealth("gatewaySockets", own.port, false);
    const late = await running.clients.json("/api/other");
    assert.equal(late.status, 504);
    assert.equal(JSON.parse(late.body).code, "deadline_exceeded");
    assert.equal(
      (await running.clients.call("/confab.v1.Messaging/PostMessage")).code,
      status.DEADLINE_EXCEEDED,
    );
    opened.socket.send("still here");
    assert.equal(String((await once(opened.socket, "message"))[0]), "still here");
    opened.socket.terminate();
  });

  it("do not cost a gateway its place when it ends many of them", async () => {
    const opened = [];
    for (let i = 0; i < 24; i++) opened.push(await running.clients.socket());
    const closed = opened.map((one) => {
      assert.ok("socket" in one);
      return once(
        one.socket.on("error", () => {}),
        "close",
      );
    });
    for (const gateway of gateways) gateway.endSockets();
    await Promise.all(closed);
    const { envoy } = running;
    await envoy.line(() => envoy.accessLog.filter(({ route }) => route === "socket").length === 24);
    assert.equal(await envoy.stat("cluster.gatewaySockets.outlier_detection.ejections_enforced_total"), 0);
  });
});
