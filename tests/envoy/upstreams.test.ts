import assert from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import { EnvoyStage, needsEnvoy } from "./stage.js";
import { until } from "./until.js";

/** Questions for health find nothing wrong for as long as a test lasts. */
const healthAside = ["unhealthy_threshold: 3", "unhealthy_threshold: 1000"] as const;

describe("Envoy and the servers behind it", function () {
  this.timeout(40_000);
  needsEnvoy();
  let stage: EnvoyStage;
  beforeEach(async () => {
    stage = await EnvoyStage.open();
  });
  afterEach(() => stage?.close());

  it("ask nothing of a server with another service's name in its certificate", async () => {
    const upstreams = {
      web: [await stage.https("not web", "gateway")],
      admin: [await stage.grpc("not admin", "web")],
      gatewaySockets: [await stage.https("no gateway", "web")],
      gatewayStreams: [await stage.grpc("no gateway either", "admin")],
    };
    const { envoy, clients } = await stage.envoy({ upstreams });
    const { status: code, body } = await clients.json("/api/api.test");
    assert.equal(code, 503);
    assert.deepEqual(JSON.parse(body), {
      ...{ ok: false, error: "service_unavailable" },
      ...{ code: "unavailable", message: "no healthy upstream" },
    });
    assert.equal((await clients.call("/confab.v1.Directory/WhoAmI")).code, status.UNAVAILABLE);
    assert.equal((await clients.call("/confab.v1.Realtime/Subscribe")).code, status.UNAVAILABLE);
    const refused = await clients.socket();
    assert.ok("refused" in refused && refused.refused.status === 503);
    for (const name of Object.keys(upstreams)) {
      assert.ok((await envoy.stat(`cluster.${name}.ssl.fail_verify_san`)) > 0, name);
    }
    assert.equal(upstreams.web[0]?.arrivals.length, 0);
  });

  it("name the service that is wanted and show Envoy's certificate", async () => {
    const gateway = await stage.https("gateway", "gateway");
    const { clients } = await stage.envoy({ upstreams: { gatewaySockets: [gateway] } });
    const opened = await clients.socket();
    assert.ok("socket" in opened);
    opened.socket.terminate();
    const [arrival] = gateway.arrivals;
    assert.deepEqual([arrival?.peer, arrival?.serverName], ["DNS:envoy.confab", "gateway.confab"]);
  });

  it("part while a server is not ready, and meet again", async () => {
    const [one, two] = [await stage.https("one", "web"), await stage.https("two", "web")];
    const [three, four] = [await stage.grpc("three", "admin"), await stage.grpc("four", "admin")];
    const { envoy, clients } = await stage.envoy({ upstreams: { web: [one, two], admin: [three, four] } });
    const whoAnswers = async () => {
      const names = new Set<string>();
      for (let i = 0; i < 20; i++) {
        names.add((await clients.json("/api/api.test")).body);
        names.add((await clients.call("/confab.v1.Directory/WhoAmI")).answer);
      }
      return [...names].sort();
    };
    one.isReady = false;
    three.report("NOT_SERVING");
    await envoy.untilHealth("web", one.port, false);
    await envoy.untilHealth("admin", three.port, false);
    assert.deepEqual(await whoAnswers(), ["four", "two"]);
    two.isReady = false;
    await envoy.untilHealth("web", two.port, false);
    assert.equal((await clients.json("/api/api.test")).status, 503, "there is no panic");
    for (const server of [one, two]) server.isReady = true;
    three.report("SERVING");
    for (const { port } of [one, two]) await envoy.untilHealth("web", port, true);
    await envoy.untilHealth("admin", three.port, true);
    // Each of Envoy's threads hears of it by itself.
    await until(async () => {
      const names = (await whoAnswers()).join();
      return names === "four,one,three,two" ? undefined : `only ${names} answer`;
    });
  });

  it("do not part over answers that clients can provoke, but over connections that fail", async () => {
    const [good, bad] = [await stage.https("good", "web"), await stage.https("bad", "web")];
    const [admin, other] = [await stage.grpc("admin", "admin"), await stage.grpc("other", "admin")];
    const upstreams = { web: [good, bad], admin: [admin, other] };
    const { envoy, clients } = await stage.envoy({ upstreams, edits: [healthAside] });
    const ejected = (name: string) =>
      envoy.stat(`cluster.${name}.outlier_detection.ejections_enforced_total`);
    const reflection = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    for (let i = 0; i < 60; i++) {
      assert.equal((await clients.call(reflection)).code, status.UNIMPLEMENTED);
    }
    for (const server of [good, bad]) server.answer = (_request, response) => response.writeHead(503).end();
    for (let i = 0; i < 20; i++) await clients.json("/api/other");
    assert.deepEqual([await ejected("admin"), await ejected("web")], [0, 0]);
    await bad.stop();
    await until(async () => {
      assert.equal((await clients.json("/api/other")).status, 503, "of the good one");
      return (await ejected("web")) > 0 ? undefined : "nobody is left out";
    });
  });
});
