import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { LocalServer } from "../../../tools/checks/local-server.js";
import { freePorts } from "../../../tools/testing/free-ports.js";
import { type Client, connect, type Fetch, fromStart, type Position, type ReceivedEvent } from "../node.js";

/** Most posts that wait for an answer at a time. */
const windowPostsMax = 100;
const roundsBetweenKills = 10;
const kills = 2;
/** Of so many answers to posts one is lost on the way. */
const answersPerLoss = 5;
const pollMs = 10;

describe("a client of a real server", function () {
  this.timeout(120_000);
  let folder: string;
  let server: LocalServer;
  let client: Client;
  let url: string;
  const states: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "confab-sdk-"));
    server = new LocalServer(folder, ["--gateways", "2", "--port", String(await freePorts(4))]);
    const ready = await server.start();
    const { token } = ready;
    url = ready.url;
    const fetch = forgetful();
    // Short pauses: what is tested is that it goes on, not how patiently.
    const random = () => Math.random() / 10;
    client = connect({ url, token, fetch, random, onState: (state) => states.push(state) });
  });
  after(async () => {
    await client?.close();
    await client?.close();
    await server?.close();
    await rm(folder, { recursive: true });
  });

  it("receives every acknowledged message once and in order, though the server is killed", async () => {
    const received: ReceivedEvent[] = [];
    const subscription = client.subscribe({ channel: "general", position: fromStart }, (event) => {
      received.push(event);
    });
    await subscription.ready;

    const acked: { text: string; position: Position }[] = [];
    let posted = 0;
    const postRounds = async (rounds: number) => {
      for (let round = 0; round < rounds; round++) {
        const texts = Array.from({ length: windowPostsMax }, () => `message ${++posted}`);
        const positions = await Promise.all(texts.map((text) => client.post("general", text)));
        acked.push(...texts.map((text, i) => ({ text, position: positions[i]! })));
      }
    };
    for (let kill = 0; kill < kills; kill++) {
      const ackedBefore = acked.length;
      const posting = postRounds(roundsBetweenKills);
      await until("some are acknowledged", () => acked.length > ackedBefore);
      await server.kill();
      await server.start();
      await posting;
      await until("the last one is received", () => received.at(-1)?.seq === acked.at(-1)?.position.seq);
    }

    assert.deepEqual(
      received.map(({ seq }) => seq),
      received.map((_, i) => i + 1),
    );
    const texts = received.flatMap(({ id, seq, kind }) =>
      kind?.$case === "messagePosted" ? [{ text: kind.value.text, position: { seq, id } }] : [],
    );
    assert.deepEqual(texts, acked);
    assert.equal(acked.length, kills * roundsBetweenKills * windowPostsMax);
    assert.equal(states.filter((state) => state === "connected").length, 1 + kills);
    assert.deepEqual(Object.values(subscription.positions()), [acked.at(-1)?.position]);
    subscription.close();
    subscription.close();
    assert.equal(await subscription.closed, undefined);
  });

  it("goes on from positions that an application has kept", async () => {
    const positions = await client.post("general", "before");
    await client.post("general", "after");
    for await (const { seq, kind } of client.subscribe({ channel: "general", position: positions })) {
      assert.equal(seq, positions.seq + 1);
      assert.equal(kind?.$case === "messagePosted" && kind.value.text, "after");
      break;
    }
  });

  it("reads history, creates and lists conversations, and calls every other method", async () => {
    const { id } = await client.conversations.create({ name: "planning", topic: "plans" });
    const names: string[] = [];
    for await (const { name } of client.conversations.list()) names.push(name);
    assert.deepEqual(names.sort(), ["general", "planning"]);
    assert.equal((await client.conversations.get("#planning")).id, id);
    for (const text of ["one", "two", "three"]) await client.post("#planning", text);
    const texts: string[] = [];
    for await (const { text } of client.history(id, { pageEvents: 1 })) texts.push(text);
    assert.deepEqual(texts, ["three", "two", "one"]);
    assert.equal((await client.directory.whoAmI()).user?.bot, false);
    assert.deepEqual((await client.messaging.listUnread({ channelIds: [id] })).unread[0]?.messages, 3);
    const archived = client.directory.archiveConversation({ channelId: id });
    await assert.rejects(archived, { name: "ConfabError", code: "not_implemented" });
  });

  it("follows everything of a user, conversations joined later too, over lost connections", async () => {
    const { user } = await client.directory.createUser({ name: "guest" });
    const { token } = await client.directory.createToken({ userId: user!.id });
    const userIds = [user!.id];
    const invite = async (name: string) => {
      const { id } = await client.conversations.create({ name, private: true });
      await client.post(id, "before");
      await client.directory.inviteMembers({ channelId: id, userIds });
      await client.post(id, `${name} after`);
      return id;
    };
    const random = () => Math.random() / 10;
    const guest = connect({ url, token, random });
    const texts: string[] = [];
    const seqs = new Map<string, number[]>();
    const note = ({ channelId, seq, kind }: ReceivedEvent) => {
      seqs.set(channelId, [...(seqs.get(channelId) ?? []), seq]);
      if (kind?.$case === "messagePosted") texts.push(kind.value.text);
    };
    const ended: string[] = [];
    const first = guest.subscribeAll(note, { onChannelEnded: (_, { code }) => ended.push(code) });
    await first.ready;
    const one = await invite("one");
    await until("the first conversation has come", () => texts.includes("one after"));
    await server.kill();
    await server.start();
    await invite("two");
    await client.post(one, "one again");
    await until("both go on", () => texts.length === 3);
    assert.deepEqual([...texts].sort(), ["one after", "one again", "two after"]);
    await client.directory.removeMember({ channelId: one, userId: user!.id });
    await until("the membership has ended", () => ended.length === 1);
    const positions = first.positions();
    first.close();

    await invite("three");
    await client.directory.inviteMembers({ channelId: one, userIds });
    await client.post(one, "one for the last time");
    const second = guest.subscribeAll(note, { positions });
    await until("what was missed has come", () => texts.includes("one for the last time"));
    await until("the third has come", () => texts.includes("three after"));
    assert.deepEqual(ended, ["not_in_channel"]);
    for (const each of seqs.values()) {
      assert.deepEqual(
        each,
        each.map((_, i) => each[0]! + i),
      );
    }
    second.close();
    assert.equal(await second.closed, undefined);
    await guest.close();
  });

  it("tells refusals by name", async () => {
    await assert.rejects(client.post("general", ""), { code: "no_text" });
    await assert.rejects(client.post("nowhere", "hi"), { code: "channel_not_found", field: "name" });
    const subscription = client.subscribe("nowhere");
    await assert.rejects(subscription.ready, { code: "channel_not_found" });
    assert.equal((await subscription.closed)?.message, "there is no such channel for you");
    const { seq, id } = await client.post("general", "newest");
    const ahead = client.subscribe({ channel: "general", position: { seq: seq + 100, id } });
    await assert.rejects(ahead.ready, { code: "invalid_position" });
  });
});

/** Loses some answers to posts after the server has done what was asked. */
function forgetful(): Fetch {
  let posts = 0;
  return async (url, init) => {
    const response = await fetch(url, init);
    if (!url.endsWith("/PostMessages")) return response;
    posts += 1;
    if (posts % answersPerLoss === 0) throw new TypeError("the answer was lost");
    return response;
  };
}

/** Polls, and says what has not come. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + 60_000;
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error(`not in time: ${what}`);
    await wait(pollMs);
  }
}
