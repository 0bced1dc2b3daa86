import assert from "node:assert/strict";
import { once } from "node:events";
import { MessagingService } from "../../gen/confab/v1/messaging.js";
import { freePort } from "../../tools/testing/free-ports.js";
import type { Caller } from "../auth/caller.js";
import { ManualClock } from "../clock/manual-clock.js";
import { ConfabError } from "../errors/errors.js";
import type { UserId, WorkspaceId } from "../ids/ids.js";
import { Forwarder } from "./forwarder.js";
import { type CallContext, type Handlers, implement } from "./implement.js";
import { requestBytesMax } from "./limits.js";
import { loadDescriptors } from "./reflection.js";
import { createRpcServer, type RpcServer } from "./server.js";

const { path, requestSerialize, responseDeserialize } = MessagingService.listUnread;
const caller: Caller = {
  userId: "U000000000001" as UserId,
  workspaceId: "W000000000001" as WorkspaceId,
  tokenId: "T1",
};

describe("a forwarder", () => {
  const ignore = () => {};
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  // Deadlines of calls that were cancelled run on at the server, and must not keep the process alive.
  const clock = new ManualClock(Date.now());
  // Clients' deadlines are of the machine's clock, and other tests may have taken minutes by now.
  beforeEach(() => clock.advance(Math.max(0, Date.now() - clock.now())));
  let server: RpcServer;
  let forwarder: Forwarder;
  let listUnread: Handlers<typeof MessagingService>["listUnread"];

  let address: string;

  function serve(handlers: Handlers<typeof MessagingService>): RpcServer {
    const authenticator = {
      async authenticate(token: string) {
        if (token !== "good") throw new ConfabError("invalid_auth");
        return caller;
      },
    };
    const services = [implement(MessagingService, handlers, { authenticator, clock, log })];
    return createRpcServer({ clock, descriptors: loadDescriptors(), services });
  }

  before(async () => {
    server = serve({
      listUnread: (...args: Parameters<NonNullable<typeof listUnread>>) => listUnread!(...args),
    });
    address = `127.0.0.1:${await server.listen("127.0.0.1:0")}`;
    forwarder = new Forwarder(address);
  });
  after(async () => {
    forwarder.close();
    forwarder.close();
    const closed = server.close();
    await Promise.all([clock.pass(60_000), closed]);
  });

  const call = (change: Partial<Parameters<Forwarder["call"]>[0]> = {}, by = forwarder) =>
    by.call({
      path,
      request: requestSerialize({ channelIds: ["C1"] }),
      authorization: "Bearer good",
      timeoutMs: 30_000,
      signal: new AbortController().signal,
      ...change,
    });

  it("passes request, token and deadline on, and the answer and its errors back", async () => {
    listUnread = async ({ channelIds }, { deadlineMs }) => {
      assert.deepEqual(channelIds, ["C1"]);
      // Neither the usual deadline, 10 s, nor the longest, 60 s.
      assert.ok(deadlineMs - clock.now() > 10_000 && deadlineMs - clock.now() < 59_000);
      return { unread: [{ channelId: "C1", messages: 3, mark: undefined, newest: undefined }] };
    };
    const { unread } = responseDeserialize(Buffer.from(await call()));
    assert.equal(unread[0]?.messages, 3);
    await assert.rejects(call({ authorization: "Bearer bad" }), {
      name: "ConfabError",
      code: "invalid_auth",
    });
    listUnread = async () => {
      throw new ConfabError("overloaded", "channel_ids", "too much", 1234);
    };
    await assert.rejects(call(), { code: "overloaded", field: "channel_ids", retryMs: 1234 });
  });

  it("sends calls to those of several servers that can be reached", async () => {
    listUnread = async () => ({ unread: [] });
    // Nobody listens at the first and the last.
    const addresses = [`127.0.0.1:${await freePort()}`, address, `127.0.0.1:${await freePort()}`];
    const several = new Forwarder(addresses);
    try {
      for (let n = 0; n < 9; n++) await call({}, several);
    } finally {
      several.close();
    }
  });

  it("lets several servers take turns", async () => {
    const taken = new Map<string, number>();
    const named = (name: string) => async () => {
      taken.set(name, (taken.get(name) ?? 0) + 1);
      return { unread: [] };
    };
    const others = ["a", "b"].map((name) => serve({ listUnread: named(name) }));
    const addresses = await Promise.all(
      others.map(async (other) => `127.0.0.1:${await other.listen("127.0.0.1:0")}`),
    );
    const several = new Forwarder(addresses);
    try {
      // Until both are connected, one may take all.
      while (taken.size < 2) await call({}, several);
      taken.clear();
      for (let n = 0; n < 10; n++) await call({}, several);
      assert.deepEqual([...taken.values()], [5, 5]);
    } finally {
      several.close();
      await Promise.all(others.map((other) => other.close()));
    }
  });

  it("cancels a call when its caller goes, and ends it at its deadline", async () => {
    const abort = new AbortController();
    let aborted: Promise<unknown> | undefined;
    listUnread = (_, { signal }: CallContext) => {
      aborted = once(signal, "abort");
      abort.abort();
      return new Promise(() => {});
    };
    await assert.rejects(call({ signal: abort.signal }), { code: "deadline_exceeded" });
    await aborted;
    await assert.rejects(call({ signal: abort.signal }), { code: "deadline_exceeded" });
    await assert.rejects(call({ timeoutMs: 50 }), { code: "deadline_exceeded" });
  });

  it("refuses what is too large before it is sent", async () => {
    const request = new Uint8Array(requestBytesMax + 1);
    await assert.rejects(call({ request }), { code: "frame_too_large" });
  });
});
