import assert from "node:assert/strict";
import { type Client, ConfabError, type ErrorCode, isRetryable } from "../../sdk/node.js";
import { perform } from "./perform.js";

/** Calls again at once as long as failures pass. */
const client: Pick<Client, "repeat"> = {
  async repeat(call) {
    for (;;) {
      try {
        return await call({});
      } catch (error) {
        if (!isRetryable(error)) throw error;
      }
    }
  },
};
const position = { seq: 7, id: 70 };

/** A reaction whose tries end like this, and at last with a position. */
const reaction = (...codes: ErrorCode[]) =>
  perform(client, {
    call: async () => {
      const code = codes.shift();
      if (code) throw new ConfabError(code);
      return { position };
    },
    doneCode: "already_reacted",
  });

describe("perform", () => {
  it("gives the place of what it did, after failures too", async () => {
    assert.deepEqual(await reaction(), position);
    assert.deepEqual(await reaction("unavailable"), position);
  });

  it("takes for done what a try of unknown outcome has done", async () => {
    assert.equal(await reaction("unavailable", "already_reacted"), undefined);
  });

  it("passes on what others have done before, and other refusals", async () => {
    await assert.rejects(reaction("already_reacted"), { code: "already_reacted" });
    await assert.rejects(reaction("unavailable", "not_in_channel"), { code: "not_in_channel" });
  });
});
