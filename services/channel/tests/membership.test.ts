import assert from "node:assert/strict";
import { ConversationType } from "../../../gen/confab/v1/types.js";
import { type Action, ada, bob, eve, MessageStage } from "./message-stage.js";

const join = (...userIds: string[]): Action => ({ $case: "join", value: { userIds } });
const leave = (...userIds: string[]): Action => ({ $case: "leave", value: { userIds } });
const isPrivate = ConversationType.CONVERSATION_TYPE_PRIVATE;

describe("membership at the owner", () => {
  let stage: MessageStage;

  beforeEach(() => {
    stage = new MessageStage();
  });

  it("is for everybody to take where it is public, and answers alike when taken again", async () => {
    await stage.begin();
    const joined = await stage.give(bob, join(bob));
    assert.ok(typeof joined === "object");
    await stage.post(bob, "hi");
    assert.deepEqual(await stage.give(bob, join(bob)), joined);
    stage.takeOver();
    assert.deepEqual(await stage.give(bob, join(bob)), joined);
  });

  it("is by invitation where it is private", async () => {
    await stage.begin(isPrivate);
    assert.equal(await stage.give(bob, join(bob)), "not_in_channel");
    assert.equal(await stage.give(bob, join(eve)), "not_in_channel");
    assert.equal(typeof (await stage.give(ada, join(bob, eve, bob))), "object");
    const [event] = await stage.events(3, 1);
    assert.ok(event?.kind?.$case === "membersJoined");
    assert.deepEqual(event.kind.value.userIds, [bob, eve]);
  });

  it("makes members of those who are none yet", async () => {
    await stage.begin();
    const first = await stage.give(ada, join(bob));
    const second = await stage.give(bob, join(ada, bob, eve));
    assert.notDeepEqual(second, first);
    const [event] = await stage.events(4, 1);
    assert.ok(event?.kind?.$case === "membersJoined");
    assert.deepEqual(event.kind.value.userIds, [eve]);
    assert.deepEqual(await stage.give(ada, join(eve)), second);
  });

  it("ends by leaving, and by the creator, but nobody else", async () => {
    await stage.begin();
    await stage.give(ada, join(bob, eve));
    assert.equal(await stage.give(bob, leave(eve)), "restricted_action");
    const left = await stage.give(bob, leave(bob));
    assert.ok(typeof left === "object");
    assert.deepEqual(await stage.give(bob, leave(bob)), left);
    const removed = await stage.give(ada, leave(eve));
    assert.ok(typeof removed === "object");
    assert.deepEqual(await stage.give(ada, leave(eve)), removed);
    assert.equal(await stage.give(ada, leave("U00000000000Z")), "user_not_in_channel");
    assert.equal(await stage.give("U00000000000Z", leave("U00000000000Z")), "not_in_channel");
    await assert.rejects(stage.post(bob, "hi"), /not_in_channel/);
    stage.takeOver();
    assert.deepEqual(await stage.give(bob, leave(bob)), left);
    assert.equal(await stage.give(bob, leave(ada)), "not_in_channel");
    await stage.give(ada, leave(ada));
    assert.equal(await stage.give(ada, leave(eve)), "not_in_channel");
  });

  it("is all that opens a private conversation", async () => {
    await stage.begin(isPrivate);
    await stage.post(ada, "secret");
    const questions = [
      { $case: "history", value: { channelId: "", beforeSeq: 0, limit: 9 } },
      { $case: "thread", value: { channelId: "", parentId: 1, afterId: 0, limit: 9 } },
      { $case: "message", value: { channelId: "", messageId: 1 } },
      { $case: "members", value: { channelId: "", pageToken: "", limit: 9 } },
      { $case: "place", value: { seq: 1 } },
      { $case: "unread", value: { mark: undefined } },
    ] as const;
    const shut = async () => {
      await assert.rejects(stage.events(1, 9, bob), /not_in_channel/);
      for (const question of questions) {
        const answer = await stage.ask(bob, question);
        assert.ok(answer.$case === "refusal" && answer.value.code === "not_in_channel", question.$case);
      }
    };
    await shut();
    await stage.give(ada, join(bob));
    assert.equal((await stage.history(bob))[0]?.text, "secret");
    await stage.give(ada, leave(bob));
    await shut();
    stage.takeOver();
    await shut();
  });

  it("is listed page by page, by id", async () => {
    await stage.begin();
    await stage.give(ada, join(eve, bob));
    const page = async (pageToken: string) => {
      const answer = await stage.ask(eve, {
        $case: "members",
        value: { channelId: "", pageToken, limit: 2 },
      });
      assert.ok(answer.$case === "members");
      return answer.value;
    };
    assert.deepEqual(await page(""), { userIds: [ada, bob], nextPageToken: bob });
    assert.deepEqual(await page(bob), { userIds: [eve], nextPageToken: "" });
  });
});
