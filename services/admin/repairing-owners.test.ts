import assert from "node:assert/strict";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import { ConfabError } from "../../lib/errors/errors.js";
import type { ConversationId, UserId, WorkspaceId } from "../../lib/ids/ids.js";
import { RepairingOwners } from "../../lib/owners/repairing-owners.js";
import { FakeOwners } from "../../lib/owners/tests/fake-owners.js";
import type { ConversationRow } from "../../lib/store/directory-store.js";
import { MemoryStore } from "../../lib/store/memory/memory-store.js";
import { type CreationParts, createConversation } from "./create-conversation.js";

const ada = "U000000000001" as UserId;
const bob = "U000000000002" as UserId;
const workspaceId = "W000000000001" as WorkspaceId;
const row: ConversationRow = {
  id: "C000000000001" as ConversationId,
  ...{ workspaceId, name: "general", type: "public", topic: "", purpose: "", creator: ada },
  ...{ createdUs: 1, archived: false },
};
const caller = (userId: UserId) => ({ userId, workspaceId, tokenId: "T1" });
const post = (text: string) =>
  ({ $case: "post", value: { text, clientMsgId: text, parentId: 0, broadcast: false } }) as const;
const options = { firstAttempt: true, deadlineMs: 1000 };
const page = { fromSeq: 0, limit: 10, downward: false, minSeq: 0 };

describe("conversations that were begun only", () => {
  let inner: FakeOwners;
  let directory: MemoryStore;
  let owners: RepairingOwners;
  let parts: CreationParts;

  beforeEach(() => {
    inner = new FakeOwners();
    directory = new MemoryStore();
    owners = new RepairingOwners(inner, directory);
    let drawn = 0;
    const random = () => (drawn++ % 32) / 32;
    parts = { directory, owners: inner, clock: new ManualClock(), random };
  });

  const kinds = () => inner.logs.get(row.id)?.map(({ author, kind }) => [author, kind?.$case]);

  it("are finished by the creator's next post, in order", async () => {
    await directory.createConversation(row);
    const outcomes = await owners.command(row.id, ada, [post("one"), post("two")], options);
    assert.deepEqual(
      outcomes.map((outcome) => "seq" in outcome && outcome.seq),
      [2, 3],
    );
    assert.deepEqual(kinds()?.[0], [ada, "conversationCreated"]);
  });

  it("are finished in the creator's name by anybody's post, which is refused as ever", async () => {
    await directory.createConversation(row);
    const [outcome] = await owners.command(row.id, bob, [post("one")], options);
    assert.ok(outcome instanceof ConfabError);
    assert.equal(outcome.code, "not_in_channel");
    assert.deepEqual(kinds(), [[ada, "conversationCreated"]]);
  });

  it("are finished by a read", async () => {
    await directory.createConversation(row);
    const { events } = await owners.readEvents(row.id, ada, page, 1000);
    assert.equal(events.length, 1);
    await assert.rejects(owners.readEvents(row.id, bob, page, 1000), { code: "not_in_channel" });
  });

  it("are left alone where there is no row or an owner knows them", async () => {
    const [outcome] = await owners.command(row.id, ada, [post("one")], options);
    assert.ok(outcome instanceof ConfabError);
    assert.equal(outcome.code, "channel_not_found");
    await assert.rejects(owners.readEvents(row.id, ada, page, 1000), { code: "channel_not_found" });
    await assert.rejects(owners.readEvents(bob, bob, page, 1000), { code: "channel_not_found" });
    assert.equal(inner.seen.length, 1);
  });

  it("are not tried twice: the owner's second answer counts", async () => {
    await directory.createConversation(row);
    inner.command = async (...[, , actions]) => {
      return actions.map(({ $case }) =>
        $case === "create" ? { seq: 1, id: 1 } : new ConfabError("channel_not_found"),
      );
    };
    const [outcome] = await owners.command(row.id, ada, [post("one")], options);
    assert.ok(outcome instanceof ConfabError);
  });

  it("are left alone when some commands were done: the others would come too late", async () => {
    await directory.createConversation(row);
    let calls = 0;
    inner.command = async () => {
      calls++;
      return [new ConfabError("channel_not_found"), { seq: 2, id: 2 }];
    };
    const outcomes = await owners.command(row.id, ada, [post("one"), post("two")], options);
    assert.deepEqual([outcomes.length, calls], [2, 1]);
  });

  it("are taken up by their creator's next try, however the first one failed", async () => {
    inner.failures.push(new ConfabError("deadline_exceeded"));
    const wish = { name: "general", type: "public", topic: "all" } as const;
    await assert.rejects(createConversation(parts, caller(ada), wish, 1000), { code: "deadline_exceeded" });
    const taken = { code: "name_taken", field: "name" };
    await assert.rejects(createConversation(parts, caller(bob), wish, 1000), taken);
    await assert.rejects(createConversation(parts, caller(ada), { ...wish, type: "private" }, 1000), taken);
    assert.equal(inner.logs.size, 0);
    const { id } = await createConversation(parts, caller(ada), wish, 1000);
    assert.equal(inner.logs.get(id)?.length, 1);
    await assert.rejects(createConversation(parts, caller(ada), wish, 1000), taken);
    assert.equal(inner.logs.size, 1);
  });

  it("are not taken for finished while their owner cannot be asked", async () => {
    const wish = { name: "general", type: "public", topic: "" } as const;
    await directory.createConversation(row);
    inner.failures.push(new ConfabError("deadline_exceeded"));
    await assert.rejects(createConversation(parts, caller(ada), wish, 1000), { code: "deadline_exceeded" });
  });

  it("count as created when somebody else's use has finished them first", async () => {
    inner.command = async (...[, , actions]) => actions.map(() => new ConfabError("name_taken"));
    const wish = { name: "general", type: "public", topic: "" } as const;
    assert.equal((await createConversation(parts, caller(ada), wish, 1000)).name, "general");
  });
});
