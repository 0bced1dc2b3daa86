import assert from "node:assert/strict";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Client, credentials, Metadata, type ServiceDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { service as healthDefinition } from "grpc-health-check";
import { DirectoryService } from "../../gen/confab/v1/directory.js";
import { MessagingClient, MessagingService } from "../../gen/confab/v1/messaging.js";
import { PresenceService } from "../../gen/confab/v1/presence.js";
import { RealtimeClient, RealtimeService } from "../../gen/confab/v1/realtime.js";
import type { Caller } from "../auth/caller.js";
import { ManualClock } from "../clock/manual-clock.js";
import { ConfabError } from "../errors/errors.js";
import { fromGrpcError } from "../errors/grpc-error.js";
import type { UserId, WorkspaceId } from "../ids/ids.js";
import { RpcClient } from "./client.js";
import { type Handlers, implement } from "./implement.js";
import { loadDescriptors } from "./reflection.js";
import { createRpcServer, type RpcServer } from "./server.js";

const publicServices = [MessagingService, DirectoryService, RealtimeService, PresenceService];
const caller: Caller = {
  userId: "U000000000001" as UserId,
  workspaceId: "W000000000001" as WorkspaceId,
  tokenId: "T1",
};
const token = "good";
const authenticator = {
  async authenticate(text: string) {
    if (text !== token) throw new ConfabError("invalid_auth");
    return caller;
  },
};

describe("an rpc server", () => {
  const clock = new ManualClock(Date.now());
  const descriptors = loadDescriptors();
  const logged: object[] = [];
  const ignore = () => {};
  const log = { debug: ignore, info: ignore, warn: ignore, error: (details: object) => logged.push(details) };
  let server: RpcServer;
  let address: string;
  const clients: { close(): void }[] = [];

  async function start(handlers: Handlers<typeof MessagingService> = {}): Promise<void> {
    const surroundings = { authenticator, clock, log };
    const services = publicServices.map((definition) =>
      definition === MessagingService
        ? implement(MessagingService, handlers, surroundings)
        : implement<ServiceDefinition>(definition, {}, surroundings),
    );
    server = createRpcServer({ clock, descriptors, services });
    address = `127.0.0.1:${await server.listen("127.0.0.1:0")}`;
  }

  function connect(withToken?: string): RpcClient {
    const client = new RpcClient({ address, ...(withToken && { token: withToken }) });
    clients.push(client);
    return client;
  }

  function connectPlain(): Client {
    const client = new Client(address, credentials.createInsecure());
    clients.push(client);
    return client;
  }

  beforeEach(() => {
    logged.length = 0;
    // Clients' deadlines are of the machine's clock, and other tests may have taken minutes by now.
    clock.advance(Math.max(0, Date.now() - clock.now()));
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await server.close();
  });

  /** Calls every method of the contract and tells the codes of the answers. */
  async function codesOfAllMethods(withToken?: string): Promise<Map<string, string>> {
    const codes = new Map<string, string>();
    for (const definition of publicServices) {
      const methods: Record<string, (request: unknown) => Promise<unknown>> =
        connect(withToken).service<ServiceDefinition>(definition);
      for (const [name, method] of Object.entries<ServiceDefinition[string]>(definition)) {
        const request = method.requestDeserialize(Buffer.alloc(0));
        const call = method.requestStream ? subscribe(withToken) : methods[name]!(request);
        codes.set(
          method.path,
          await call.then(
            () => "OK",
            (error) => fromGrpcError(error).code,
          ),
        );
      }
    }
    return codes;
  }

  /** Opens the only stream of the contract; rejects with its failure. */
  async function subscribe(withToken?: string): Promise<void> {
    const client = new RealtimeClient(address, credentials.createInsecure());
    clients.push(client);
    const metadata = new Metadata();
    if (withToken) metadata.set("authorization", `Bearer ${withToken}`);
    const stream = client.subscribe(metadata);
    const [error] = await once(stream, "error");
    throw error;
  }

  it("answers no method of the contract without a token", async () => {
    await start();
    const codes = await codesOfAllMethods();
    assert.equal(codes.size, 43);
    for (const [path, code] of codes) assert.equal(code, "not_authed", path);
  });

  it("answers no method of the contract with a wrong token", async () => {
    await start();
    for (const [path, code] of await codesOfAllMethods("wrong")) assert.equal(code, "invalid_auth", path);
  });

  it("names each method that is not built", async () => {
    await start();
    for (const [path, code] of await codesOfAllMethods(token)) assert.equal(code, "not_implemented", path);
    const call = connect(token).service(MessagingService).listUnread({ channelIds: [] });
    await assert.rejects(call, { message: /^\/confab.v1.Messaging\/ListUnread / });
  });

  it("hands a handler its request, its caller and its deadline, and the client the answer", async () => {
    await start({
      postMessage: async ({ channelId }, call) => {
        assert.equal(channelId, "C1");
        assert.equal(call.caller, caller);
        assert.equal(call.signal.aborted, false);
        // The client's deadline crosses the wire as a rounded time-out.
        assert.ok(Math.abs(call.deadlineMs - clock.now()) < 60_000);
        return { position: { seq: 7, id: 8 } };
      },
    });
    const messaging = connect(token).service(MessagingService);
    const { position } = await messaging.postMessage({
      channelId: "C1",
      message: undefined,
      firstAttempt: true,
    });
    assert.deepEqual(position, { seq: 7, id: 8 });
  });

  it("tells named errors whole, and of all others nothing", async () => {
    await start({
      getMessage: async () => {
        throw new ConfabError("overloaded", "channel_id", "too much", 1234);
      },
      listEvents: async () => {
        throw new TypeError("password 1234 is wrong");
      },
    });
    const messaging = connect(token).service(MessagingService);
    await assert.rejects(messaging.getMessage({ channelId: "", messageId: 0 }), {
      ...{ name: "ConfabError", code: "overloaded", field: "channel_id", message: "too much", retryMs: 1234 },
    });
    assert.equal(logged.length, 0);
    const broken = messaging.listEvents({ channelId: "", afterSeq: 0, limit: 0 });
    await assert.rejects(broken, (error: ConfabError) => {
      assert.equal(error.code, "internal");
      assert.doesNotMatch(error.message, /1234/);
      return true;
    });
    assert.equal(logged.length, 1);
  });

  it("refuses an encoding that is none, but only from those who may ask", async () => {
    await start({ listUnread: async () => ({ unread: [] }) });
    const call = async (authorization: string) => {
      const metadata = new Metadata();
      metadata.set("authorization", authorization);
      const same = (bytes: Buffer) => bytes;
      const { path } = MessagingService.listUnread;
      return new Promise((resolve, reject) => {
        const garbage = Buffer.from([0x0a, 0x01, 0xff]);
        connectPlain().makeUnaryRequest(path, same, same, garbage, metadata, (error, answer) =>
          error ? reject(fromGrpcError(error)) : resolve(answer),
        );
      });
    };
    await assert.rejects(call(`Bearer ${token}`), { code: "invalid_argument" });
    await assert.rejects(call("Bearer wrong"), { code: "invalid_auth" });
  });

  it("refuses a request that is too large", async () => {
    await start({ postMessage: async () => ({ position: undefined }) });
    const text = "x".repeat(8 * 1024 * 1024);
    const message = { text, clientMsgId: "", parentId: 0, broadcast: false };
    const call = connect(token)
      .service(MessagingService)
      .postMessage({ channelId: "", message, firstAttempt: true });
    await assert.rejects(call, { code: "overloaded" });
  });

  it("tells the handler when the client has gone", async () => {
    let seen: (signal: AbortSignal) => void;
    const signal = new Promise<AbortSignal>((resolve) => {
      seen = resolve;
    });
    await start({
      listUnread: (_, call) => {
        seen(call.signal);
        return new Promise(() => {});
      },
    });
    const client = new MessagingClient(address, credentials.createInsecure());
    clients.push(client);
    const metadata = new Metadata();
    metadata.set("authorization", `Bearer ${token}`);
    const call = client.listUnread({ channelIds: [] }, metadata, ignore);
    const handed = await signal;
    const aborted = once(handed, "abort");
    call.cancel();
    await aborted;
  });

  it("reports its health, and that it is closing before anything else", async () => {
    let release = ignore;
    const entered = new Promise<void>((resolve) => {
      release = resolve;
    });
    let finish = ignore;
    await start({
      listUnread: () => {
        release();
        return new Promise((resolve) => {
          finish = () => resolve({ unread: [] });
        });
      },
    });
    const { Check: check, Watch: watch } = healthDefinition as ServiceDefinition;
    const client = connectPlain();
    const status = await new Promise((resolve, reject) => {
      const request = { service: "confab.v1.Messaging" };
      const { path, requestSerialize, responseDeserialize } = check!;
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, answer) =>
        error ? reject(error) : resolve(answer),
      );
    });
    assert.deepEqual(status, { status: "SERVING" });

    const underWay = connect(token).service(MessagingService).listUnread({ channelIds: [] });
    await entered;
    const { path, requestSerialize, responseDeserialize } = watch!;
    const watched = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, {
      service: "",
    });
    watched.on("error", ignore);
    assert.deepEqual((await once(watched, "data"))[0], { status: "SERVING" });
    const closed = server.close();
    assert.deepEqual((await once(watched, "data"))[0], { status: "NOT_SERVING" });
    finish();
    assert.deepEqual(await underWay, { unread: [] });
    await Promise.all([clock.pass(5000), closed]);
  });

  it("shows the contract by reflection, without the services that are not offered", async () => {
    await start();
    const folder = dirname(createRequire(import.meta.url).resolve("@grpc/reflection"));
    const proto = join(folder, "../proto/grpc/reflection/v1/reflection.proto");
    const definition = loadSync(proto)["grpc.reflection.v1.ServerReflection"] as ServiceDefinition;
    const { path, requestSerialize, responseDeserialize } = definition.ServerReflectionInfo!;
    const stream = connectPlain().makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    stream.write({ listServices: "*" });
    const [{ listServicesResponse }] = await once(stream, "data");
    const names = listServicesResponse.service.map(({ name }: { name: string }) => name).sort();
    const offered = ["Directory", "Messaging", "Presence", "Realtime"].map((name) => `confab.v1.${name}`);
    assert.deepEqual(names, offered);
    stream.write({ fileContainingSymbol: "confab.v1.PostMessageRequest" });
    const [{ fileDescriptorResponse }] = await once(stream, "data");
    assert.ok(fileDescriptorResponse.fileDescriptorProto.length > 0);
    stream.end();
  });

  it("can be closed twice, and before it listens", async () => {
    await start();
    await Promise.all([server.close(), server.close()]);
    await assert.rejects(connect(token).service(MessagingService).listUnread({ channelIds: [] }), {
      code: "unavailable",
    });
    const never = createRpcServer({ clock, descriptors, services: [] });
    await never.close();
  });

  it("refuses an address that is taken", async () => {
    await start();
    const second = createRpcServer({ clock, descriptors, services: [] });
    await assert.rejects(second.listen(address));
    await second.close();
  });
});
