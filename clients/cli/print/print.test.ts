import assert from "node:assert/strict";
import type { Event } from "../../../gen/json/confab/v1/types.js";
import { eventJson, eventText } from "./event-text.js";
import { counted, grouped } from "./numbers.js";
import { screenText, startOf } from "./text.js";
import { localTime, slackTs } from "./times.js";

const id = 1_700_000_000_000_100;
const nameOf = async (userId: string) => userId.toLowerCase();
const text = (kind: Event["kind"]) => eventText({ seq: 3, id, author: "ADA", kind }, nameOf);

describe("what is printed", () => {
  it("has ids as Slack writes them, and local times", () => {
    assert.equal(slackTs(id), "1700000000.000100");
    const local = new Date(2026, 0, 2, 3, 4, 5).getTime() * 1000;
    assert.equal(localTime(local), "2026-01-02 03:04:05");
  });

  it("indents further lines and shows control characters instead of obeying them", () => {
    assert.equal(screenText("a\r\nb\tc"), "a\n    b\tc");
    assert.equal(screenText("\u001b[2J\u007f\u009b"), "␛[2J␡\ufffd");
  });

  it("cuts texts between characters", () => {
    assert.equal(startOf("🎉🎉🎉", 2), "🎉🎉…");
    assert.equal(startOf("🎉🎉", 2), "🎉🎉");
    assert.equal(startOf("a\nb"), "a␊b");
  });

  it("groups digits and knows the plural", () => {
    assert.deepEqual(
      [grouped(1234567.8), counted(1, "line"), counted(0, "line")],
      ["1,234,568", "1 line", "0 lines"],
    );
  });

  it("has messages with their author, and other events in short", async () => {
    const posted = { text: "hi\nyou", clientMsgId: "1", parentId: 0, broadcast: false };
    const time = localTime(id);
    assert.equal(await text({ $case: "messagePosted", value: posted }), `${time} ada: hi\n    you`);
    assert.equal(
      await text({ $case: "messagePosted", value: { ...posted, text: "", parentId: id } }),
      `${time} ada in thread 1700000000.000100: (deleted)`,
    );
    assert.equal(await text({ $case: "membersJoined", value: { userIds: ["ADA"] } }), `${time} * ada joined`);
    assert.equal(
      await text({ $case: "membersLeft", value: { userIds: ["A", "B", "C", "D", "E", "F", "G"] } }),
      `${time} * ada removed a, b, c, d, e and 2 more`,
    );
    assert.equal(
      await text({ $case: "conversationArchived", value: {} }),
      `${time} * ada archived the conversation`,
    );
  });

  it("is the contract's JSON for programs, with the channel and the time", () => {
    const event: Event = {
      seq: 3,
      id,
      author: "U1",
      kind: { $case: "messageDeleted", value: { messageId: 7 } },
    };
    assert.deepEqual(JSON.parse(eventJson("C1", event)), {
      ...{ channelId: "C1", seq: 3, id, author: "U1", ts: "1700000000.000100" },
      messageDeleted: { messageId: 7 },
    });
  });
});
