import assert from "node:assert/strict";
import fastify, { type FastifyInstance, type InjectOptions } from "fastify";
import { DirectoryService } from "../../../gen/confab/v1/directory.js";
import { MessagingService } from "../../../gen/confab/v1/messaging.js";
import { ConversationType } from "../../../gen/confab/v1/types.js";
import { fromConnectFailure } from "../../../lib/errors/connect-error.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { UserId, WorkspaceId } from "../../../lib/ids/ids.js";
import type { ForwardedCall } from "../../../lib/rpc/forwarder.js";
import { loadContract } from "./methods.js";
import { addContract } from "./routes.js";

const caller = {
  userId: "U000000000001" as UserId,
  workspaceId: "W000000000001" as WorkspaceId,
  tokenId: "T1",
};
const json = { "content-type": "application/json", authorization: "Bearer good" };
const post = "/confab.v1.Messaging/PostMessage";
const ignore = () => {};

describe("calls as JSON over HTTP", () => {
  let app: FastifyInstance;
  let calls: ForwardedCall[];
  let answer: () => Promise<Uint8Array>;
  let logged: number;

  beforeEach(() => {
    [calls, logged] = [[], 0];
    answer = async () => new Uint8Array();
    app = fastify();
    addContract(app, {
      authenticator: {
        async authenticate(token) {
          if (token !== "good") throw new ConfabError("invalid_auth");
          return caller;
        },
      },
      admin: {
        call: (call) => {
          calls.push(call);
          return answer();
        },
      },
      log: { debug: ignore, info: ignore, warn: ignore, error: () => logged++ },
    });
  });
  afterEach(() => app.close());

  const ask = (options: InjectOptions) =>
    app.inject({ method: "POST", headers: json, payload: "{}", ...options });

  async function errorOf(options: InjectOptions) {
    const { statusCode, body } = await ask(options);
    const { code, field } = fromConnectFailure(statusCode, body);
    return { status: statusCode, connect: JSON.parse(body).code, code, field };
  }

  it("passes on a request with its token and deadline, and its answer with integers as numbers", async () => {
    const position = { seq: 7, id: 1_700_000_000_000_100 };
    answer = async () => MessagingService.postMessage.responseSerialize({ position });
    const response = await ask({
      url: post,
      headers: { ...json, "content-type": "application/json; charset=utf-8", "connect-timeout-ms": "2500" },
      payload: { channel_id: "C1", message: { text: "grüße 🎉", clientMsgId: "1" } },
    });
    assert.deepEqual([response.statusCode, response.json()], [200, { position }]);
    const [{ path, request, authorization, timeoutMs }] = calls as [ForwardedCall];
    assert.deepEqual(
      { path, authorization, timeoutMs },
      { path: post, authorization: "Bearer good", timeoutMs: 2500 },
    );
    assert.deepEqual(MessagingService.postMessage.requestDeserialize(Buffer.from(request)), {
      channelId: "C1",
      message: { text: "grüße 🎉", clientMsgId: "1", parentId: 0, broadcast: false },
      firstAttempt: false,
    });
  });

  it("answers in canonical JSON: names of enums, and nothing for what is empty", async () => {
    const type = ConversationType.CONVERSATION_TYPE_PRIVATE;
    const texts = { workspaceId: "", name: "", topic: "", purpose: "", creator: "" };
    const conversation = { id: "C1", type, createdUs: 5, archived: false, ...texts };
    answer = async () => DirectoryService.getConversation.responseSerialize({ conversation });
    const response = await ask({ url: "/confab.v1.Directory/GetConversation" });
    const expected = { id: "C1", type: "CONVERSATION_TYPE_PRIVATE", createdUs: 5 };
    assert.deepEqual(response.json(), { conversation: expected });
  });

  it("reaches every method of the contract that is not a stream, and refuses those by name", async () => {
    const contract = [...loadContract().values()];
    assert.equal(contract.length, 43);
    for (const { path, isStream } of contract) {
      if (!isStream) assert.equal((await ask({ url: path })).statusCode, 200, path);
    }
    assert.equal(calls.length, 42);
    const response = await ask({ url: "/confab.v1.Realtime/Subscribe" });
    assert.equal(response.statusCode, 501);
    assert.match(response.json().message, /Subscribe is a stream/);
  });

  it("refuses by name what is not a request", async () => {
    const invalid = { status: 400, connect: "invalid_argument", code: "invalid_argument" };
    assert.deepEqual(await errorOf({ url: post, payload: { message: { txt: "" } } }), {
      ...invalid,
      field: "message.txt",
    });
    assert.deepEqual(await errorOf({ url: post, payload: "[]" }), { ...invalid, field: "" });
    assert.deepEqual(
      await errorOf({ url: post, headers: { authorization: json.authorization }, payload: "" }),
      {
        ...{ ...invalid, field: "" },
      },
    );
    for (const payload of ["{", "", Buffer.from([0x22, 0xff, 0x22])]) {
      assert.equal((await errorOf({ url: post, payload })).code, "invalid_json");
    }
    const headers = { ...json, "content-type": "application/proto" };
    assert.deepEqual(await errorOf({ url: post, headers }), { ...invalid, field: "content-type" });
    for (const [field, value] of [
      ["connect-timeout-ms", "soon"],
      ["connect-timeout-ms", "-1"],
      ["content-encoding", "gzip"],
    ] as const) {
      assert.deepEqual(await errorOf({ url: post, headers: { ...json, [field]: value } }), {
        ...invalid,
        field,
      });
    }
    assert.equal((await errorOf({ url: "/confab.v1.Messaging/Nothing" })).connect, "unimplemented");
    assert.equal(calls.length, 0);
  });

  it("refuses strangers, before it reads what they send", async () => {
    const payload = `"${"x".repeat(17 * 1024 * 1024)}"`;
    const headers = { ...json, authorization: "Bearer bad" };
    assert.equal((await errorOf({ url: post, headers, payload })).code, "invalid_auth");
    assert.equal((await errorOf({ url: post, headers: { ...json, authorization: "" } })).code, "not_authed");
    assert.equal((await errorOf({ url: post, payload })).code, "frame_too_large");
    assert.equal(calls.length, 0);
  });

  it("tells errors of the service as they are, and nothing of what broke", async () => {
    answer = async () => {
      throw new ConfabError("overloaded", "", "too much", 2500);
    };
    const response = await ask({ url: post });
    assert.deepEqual([response.statusCode, response.headers["retry-after"]], [429, "3"]);
    assert.equal(fromConnectFailure(429, response.body).retryMs, 2500);
    answer = async () => {
      throw new TypeError("secret");
    };
    const broken = await ask({ url: post });
    assert.equal(broken.statusCode, 500);
    assert.doesNotMatch(broken.body, /secret/);
    assert.equal(logged, 1);
  });
});
