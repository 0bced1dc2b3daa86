import assert from "node:assert/strict";
import type { ChannelId, UserId } from "../../../lib/ids/ids.js";
import type { Owners } from "../../../lib/owners/owners.js";
import { FirstAttempts } from "./first-attempts.js";

const [talk, news] = ["C000000000001", "C000000000002"] as ChannelId[];
const [ada, bob] = ["U00000000000A", "U00000000000B"] as UserId[];

describe("the watch over first attempts", () => {
  let sent: string[];
  let complaints: string[];
  let owners: Owners;

  beforeEach(() => {
    sent = [];
    complaints = [];
    const watch = new FirstAttempts((channel, what) => complaints.push(`${channel}: ${what}`));
    const nobody = () => Promise.reject(new Error("nobody answers"));
    owners = watch.watch({
      command: async (_channel, _author, actions) => {
        for (const { $case } of actions) sent.push($case);
        return [];
      },
      readEvents: nobody,
      ask: nobody,
    });
  });

  const post = (clientMsgId: string, firstAttempt: boolean, channel = talk!, author = ada!) => {
    const value = { clientMsgId, text: "hello", parentId: 0, broadcast: false };
    return owners.command(channel, author, [{ $case: "post", value }], { firstAttempt, deadlineMs: 0 });
  };

  it("complains of a post that is marked twice, and lets it pass", async () => {
    await post("m1", true);
    await post("m1", true);
    assert.deepEqual(complaints, ["C000000000001: m1 was marked a first attempt twice"]);
    assert.deepEqual(sent, ["post", "post"]);
  });

  it("does not mind retries without the mark, nor other posts", async () => {
    await post("m1", true);
    await post("m1", false);
    await post("m2", true);
    await post("m1", true, news);
    await post("m1", true, talk, bob);
    for (let i = 0; i < 2; i++) await post("", true);
    assert.deepEqual(complaints, []);
  });
});
