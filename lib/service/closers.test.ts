import assert from "node:assert/strict";
import { Closers } from "./closers.js";

describe("closers", () => {
  it("run once, the newest first, and all of them whatever fails", async () => {
    const [closed, errors]: [string[], unknown[]] = [[], []];
    const closers = new Closers({ error: (details) => errors.push(details) });
    const [late, thrown] = [new Error("late"), new Error("thrown")];
    closers.add(() => void closed.push("first"));
    closers.add(() => Promise.reject(late));
    closers.add(() => {
      throw thrown;
    });
    closers.add(async () => void closed.push("last"));
    await Promise.all([closers.close(), closers.close()]);
    assert.deepEqual(closed, ["last", "first"]);
    assert.deepEqual(errors, [{ err: thrown }, { err: late }]);
  });
});
