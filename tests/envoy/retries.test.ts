import assert from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import { EnvoyStage, needsEnvoy } from "./stage.js";

const post = "/confab.v1.Messaging/PostMessage";
const read = "/confab.v1.Messaging/ListMessages";

describe("calls whose server goes away, through Envoy", function () {
  this.timeout(40_000);
  needsEnvoy();
  let stage: EnvoyStage;
  beforeEach(async () => {
    stage = await EnvoyStage.open();
  });
  afterEach(() => stage?.close());

  /** Two servers behind Envoy, of which the first that gets a call dies over it. */
  const admins = async () => {
    const servers = [await stage.grpc("one", "admin"), await stage.grpc("two", "admin")];
    for (const server of servers) {
      server.mayAnswer = () => {
        const isFirst = !servers.some(({ isGone }) => isGone);
        if (isFirst) server.stop();
        return !isFirst;
      };
    }
    const { clients } = await stage.envoy({ upstreams: { admin: servers } });
    return { clients, reached: () => servers.flatMap(({ calls }) => calls).length };
  };

  it("are not made again by gRPC if they change something", async () => {
    const { clients, reached } = await admins();
    assert.equal((await clients.call(post)).code, status.UNAVAILABLE);
    assert.equal(reached(), 1);
  });

  it("are made again by gRPC, elsewhere, if they only read", async () => {
    const { clients, reached } = await admins();
    const outcome = await clients.call(read);
    assert.match(outcome.answer, /^(one|two)$/, JSON.stringify(outcome));
    assert.equal(reached(), 2);
  });

  it("are made again as JSON if they only read, and not otherwise", async () => {
    const web = await stage.https("web", "web");
    const { clients } = await stage.envoy({ upstreams: { web: [web] } });
    let deaths = 0;
    const dieOnce = (path: string) => {
      deaths = 0;
      web.answer = (request, response) => {
        if (request.url === path && deaths++ === 0) request.socket.destroy();
        else response.end("web");
      };
    };
    for (const path of [post, "/api/chat.postMessage"]) {
      dieOnce(path);
      const { status: code, body } = await clients.json(path);
      assert.deepEqual([code, JSON.parse(body).code, deaths], [503, "unavailable", 1], path);
    }
    for (const path of [read, "/api/auth.test"]) {
      dieOnce(path);
      const { status: code, body } = await clients.json(path);
      assert.deepEqual([code, body, deaths], [200, "web", 2], path);
    }
  });

  it("may not be ordered to be made again by the client", async () => {
    const web = await stage.https("web", "web");
    const { clients } = await stage.envoy({ upstreams: { web: [web] } });
    web.answer = (_request, response) => response.writeHead(503).end();
    const orders = {
      "x-envoy-retry-on": "5xx,reset",
      "x-envoy-max-retries": "5",
      "x-envoy-retry-grpc-on": "unavailable",
      "x-envoy-upstream-rq-timeout-ms": "1",
    };
    assert.equal((await clients.json(post, orders)).status, 503);
    assert.equal(web.arrivals.length, 1);
  });

  it("go to a server that takes connections, whatever they do", async () => {
    const [gone, there] = [await stage.https("gone", "web"), await stage.https("there", "web")];
    const edits = [["unhealthy_threshold: 3", "unhealthy_threshold: 1000"]] as const;
    const { clients } = await stage.envoy({ upstreams: { web: [gone, there] }, edits });
    await gone.stop();
    for (let i = 0; i < 4; i++) assert.equal((await clients.json(post)).body, "there");
  });
});
