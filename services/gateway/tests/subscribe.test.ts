import assert from "node:assert/strict";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { ClientFrame, RealtimeService, ServerFrame } from "../../../gen/confab/v1/realtime.js";
import { systemClock } from "../../../lib/clock/system-clock.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { fromGrpcError } from "../../../lib/errors/grpc-error.js";
import { implement } from "../../../lib/rpc/implement.js";
import { loadDescriptors } from "../../../lib/rpc/reflection.js";
import { createRpcServer, type RpcServer } from "../../../lib/rpc/server.js";
import { ada, channel, delivery } from "../core/gateway-stage.js";
import { TestGateway, testedEngines } from "./test-gateway.js";

const { path } = RealtimeService.subscribe;
const log = { debug() {}, info() {}, warn() {}, error() {} };

describe("a bot's gRPC stream", () => {
  let gateway: TestGateway;
  let server: RpcServer;
  let client: Client;
  beforeEach(async () => {
    gateway = await TestGateway.make(testedEngines[0]!);
    await gateway.start();
    const authenticate = async (token: string) => {
      if (token !== "good") throw new ConfabError("invalid_auth");
      return { userId: ada, workspaceId: gateway.workspaceId, tokenId: "T" };
    };
    const surroundings = { authenticator: { authenticate }, clock: systemClock, log };
    const services = [implement(RealtimeService, {}, surroundings, { subscribe: gateway.subscribe() })];
    server = createRpcServer({ clock: systemClock, descriptors: loadDescriptors(), services });
    const port = await server.listen("127.0.0.1:0");
    client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  });
  afterEach(async () => {
    client.close();
    assert.deepEqual(await gateway.stop(), []);
    await server.close();
  });

  function open(token: string) {
    const metadata = new Metadata();
    metadata.set("authorization", `Bearer ${token}`);
    const encode = (frame: ClientFrame) => Buffer.from(ClientFrame.encode(frame).finish());
    const stream = client.makeBidiStreamRequest(path, encode, (bytes) => ServerFrame.decode(bytes), metadata);
    const frames: ServerFrame[] = [];
    let wake = () => {};
    let ended: unknown;
    const notice = (what: () => void) => () => {
      what();
      wake();
    };
    stream.on("data", (frame: ServerFrame) => notice(() => frames.push(frame))());
    stream.on("error", (error) => notice(() => (ended = error))());
    stream.on("end", () => wake());
    const next = async (): Promise<ServerFrame> => {
      while (frames.length === 0) {
        if (ended) throw ended;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return frames.shift()!;
    };
    return { stream, next };
  }

  const follow = {
    $case: "subscribe" as const,
    value: { all: false, channels: [{ channelId: channel, position: undefined }] },
  };

  it("has the frames of a socket: hello, subscribed, ready, events", async () => {
    const { stream, next } = open("good");
    assert.equal((await next()).frame?.$case, "hello");
    stream.write({ requestId: 7, frame: follow });
    assert.equal((await next()).frame?.$case, "subscribed");
    assert.deepEqual((await next()).frame, { $case: "ready", value: { requestId: 7 } });
    gateway.deliver(delivery(4), delivery(5));
    assert.equal((await next()).events[0]?.event?.seq, 4);
    assert.equal((await next()).events[0]?.event?.seq, 5);
    stream.end();
  });

  it("is refused without a good token, by name", async () => {
    await assert.rejects(open("bad").next(), (error: never) => {
      assert.equal(fromGrpcError(error).code, "invalid_auth");
      return true;
    });
  });

  it("is told that the gateway goes away, so that it comes back", async () => {
    const { next } = open("good");
    await next();
    await gateway.close();
    await assert.rejects(next(), (error: never) => {
      assert.equal(fromGrpcError(error).code, "unavailable");
      return true;
    });
  });
});
