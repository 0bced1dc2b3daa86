import assert from "node:assert/strict";
import { credentials, Metadata } from "@grpc/grpc-js";
import { MessagingClient } from "../../../gen/confab/v1/messaging.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { fromGrpcError } from "../../../lib/errors/grpc-error.js";
import { ada, bob, createGeneral, eve, home, message, TestAdmin } from "./test-admin.js";

describe("messaging of the admin service", () => {
  let admin: TestAdmin;

  beforeEach(async () => {
    admin = new TestAdmin();
    await admin.start();
  });
  afterEach(() => admin.stop());

  it("answers generated clients as it answers its own", async () => {
    const channelId = await createGeneral(await admin.connect(ada));
    const client = admin.use(new MessagingClient(admin.address, credentials.createInsecure()));
    const metadata = new Metadata();
    metadata.set("authorization", `Bearer ${await admin.signUp(eve, home)}`);
    const error = await new Promise((resolve) => {
      client.postMessage({ channelId, message: message("hi"), firstAttempt: true }, metadata, resolve);
    });
    assert.equal(fromGrpcError(error).code, "not_in_channel");
  });

  it("posts, and lists events and messages", async () => {
    const { messaging, directory } = await admin.connect(ada);
    const channelId = await createGeneral({ directory });
    const { position } = await messaging.postMessage({
      ...{ channelId, message: message("grüße 🎉", { clientMsgId: "1" }), firstAttempt: true },
    });
    assert.equal(position?.seq, 2);
    const listed = await messaging.listEvents({ channelId, afterSeq: 1, limit: 0 });
    assert.deepEqual(listed.newest, position);
    const [{ kind, author } = {}] = listed.events;
    assert.ok(kind?.$case === "messagePosted");
    assert.deepEqual([author, kind.value.text], [ada, "grüße 🎉"]);
    const history = { messages: [], nextBeforeSeq: 2, newest: position };
    admin.owners.answers.set("history", history);
    assert.deepEqual(await messaging.listMessages({ channelId, beforeSeq: 3, limit: 0 }), history);
    const { question, reader } = admin.owners.asked.at(-1)!;
    assert.deepEqual([reader, question.value], [ada, { channelId, beforeSeq: 3, limit: 100 }]);
    const beyond = messaging.listEvents({ channelId, afterSeq: 3, limit: 0 });
    await assert.rejects(beyond, { code: "invalid_position", field: "after_seq" });
  });

  it("tells owners whether a post may have been sent before", async () => {
    const { messaging, directory } = await admin.connect(ada);
    const channelId = await createGeneral({ directory });
    const seenAs = async (clientMsgId: string, firstAttempt: boolean) => {
      await messaging.postMessage({ channelId, message: message("hi", { clientMsgId }), firstAttempt });
      return admin.owners.seen.at(-1)!.options.firstAttempt;
    };
    assert.equal(await seenAs("1", true), true);
    assert.equal(await seenAs("1", false), false);
    // An id that was made just now cannot have been sent before.
    assert.equal(await seenAs("", false), true);
    const [action] = admin.owners.seen.at(-1)!.actions;
    assert.ok(action?.$case === "post");
    assert.match(action.value.clientMsgId, /^[0-9A-Z]{12}$/);
  });

  it("gives each of many posts its own result, in order", async () => {
    const { messaging, directory } = await admin.connect(ada);
    const channelId = await createGeneral({ directory });
    const messages = [message("one"), message(""), message("refuse me"), message("two")];
    const { results } = await messaging.postMessages({ channelId, messages, firstAttempt: true });
    assert.deepEqual(
      results.map(({ result }) => (result?.$case === "position" ? result.value.seq : result?.value.code)),
      [2, "no_text", "client_msg_id_reused", 3],
    );
    const allBad = await messaging.postMessages({ channelId, messages: [message("")], firstAttempt: true });
    assert.equal(allBad.results.length, 1);
    assert.equal(admin.owners.seen.at(-1)?.actions.length, 3);
    const none = messaging.postMessages({ channelId, messages: [], firstAttempt: true });
    await assert.rejects(none, { code: "too_many_posts", field: "messages" });
  });

  it("sends no bad input to an owner", async () => {
    const { messaging } = await admin.connect(ada);
    const channelId = "C000000000009";
    for (const [call, code, field] of [
      [
        () => messaging.postMessage({ channelId: "", message: message("x"), firstAttempt: true }),
        "missing_argument",
        "channel_id",
      ],
      [
        () => messaging.postMessage({ channelId: ada, message: message("x"), firstAttempt: true }),
        "invalid_id",
        "channel_id",
      ],
      [
        () => messaging.postMessage({ channelId, message: undefined, firstAttempt: true }),
        "missing_argument",
        "message",
      ],
      [
        () => messaging.postMessage({ channelId, message: message("\0"), firstAttempt: true }),
        "invalid_text",
        "message.text",
      ],
      [() => messaging.sendTyping({ channelId: "x", parentId: 0 }), "invalid_id", "channel_id"],
      [() => messaging.listEvents({ channelId, afterSeq: 0, limit: 1001 }), "invalid_argument", "limit"],
      [() => messaging.listMessages({ channelId, beforeSeq: 0, limit: 1001 }), "invalid_argument", "limit"],
    ] as const) {
      await assert.rejects(call(), { name: "ConfabError", code, field });
    }
    assert.deepEqual(admin.owners.seen, []);
  });

  it("sends typing, and tells why not", async () => {
    const one = await admin.connect(ada);
    const channelId = await createGeneral(one);
    assert.deepEqual(await one.messaging.sendTyping({ channelId, parentId: 3 }), {});
    assert.deepEqual(admin.owners.seen.at(-1)?.actions, [{ $case: "typing", value: { parentId: 3 } }]);
    const other = await admin.connect(bob);
    await assert.rejects(other.messaging.sendTyping({ channelId, parentId: 0 }), { code: "not_in_channel" });
  });

  it("lets a half-created conversation be used", async () => {
    const one = await admin.connect(ada);
    admin.owners.failures.push(new ConfabError("unavailable"));
    await assert.rejects(createGeneral(one), { code: "unavailable" });
    const { conversation } = await one.directory.getConversation({ channelId: "", name: "general" });
    const channelId = conversation!.id;
    const { position } = await one.messaging.postMessage({
      channelId,
      message: message("hi"),
      firstAttempt: true,
    });
    assert.equal(position?.seq, 2);
  });
});
