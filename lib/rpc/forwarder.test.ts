import assert from "node:assert/strict";
import { once } from "node:events";
import { MessagingService } from "../../gen/confab/v1/messaging.js";
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

  before(async () => {
    const authenticator = {
      async authenticate(token: string) {
        if (token !== "good") throw new ConfabError("invalid_auth");
        return caller;
      },
    };
    const handlers = {
      listUnread: (...args: Parameters<NonNullable<typeof listUnread>>) => listUnread!(...args),
    };
    const services = [implement(MessagingService, handlers, { authenticator, clock, log })];
    server = createRpcServer({ clock, descriptors: loadDescriptors(), services });
    forwarder = new Forwarder(`127.0.0.1:${await server.listen("127.0.0.1:0")}`);
  });
  after(async () => {
    forwarder.close();
    forwarder.close();
    const closed = server.close();
    await Promise.all([clock.pass(60_000), closed]);
  });

  const call = (change: Partial<Parameters<Forwarder["call"]>[0]> = {}) =>
    forwarder.call({
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
