import assert from "node:assert/strict";
import { Positions } from "./positions.js";

describe("Positions", () => {
  it("begin where the server says, and are asked for anew from where they are", () => {
    const positions = new Positions(["C1", "C2"], undefined);
    assert.deepEqual(positions.wanted(), [
      { channelId: "C1", position: undefined },
      { channelId: "C2", position: undefined },
    ]);
    positions.begin("C1", { seq: 7, id: 70 });
    positions.advance("C1", { seq: 8, id: 80 });
    positions.begin("C1", { seq: 7, id: 70 });
    assert.deepEqual(positions.wanted()[0], { channelId: "C1", position: { seq: 8, id: 80 } });
  });

  it("tell the next event from those that were seen and those that come too early", () => {
    const positions = new Positions(["C1"], { seq: 0, id: 0 });
    assert.equal(positions.judge("C1", 1), "next");
    assert.equal(positions.judge("C1", 2), "early");
    positions.advance("C1", { seq: 2, id: 20 });
    assert.deepEqual(
      [1, 2, 3, 4].map((seq) => positions.judge("C1", seq)),
      ["seen", "seen", "next", "early"],
    );
    positions.advance("C1", { seq: 1, id: 10 });
    assert.equal(positions.seq("C1"), 2);
  });

  it("know nothing of channels that are not followed any more", () => {
    const positions = new Positions(["C1", "C2"], undefined);
    assert.equal(positions.remove("C1"), true);
    assert.equal(positions.judge("C1", 1), "seen");
    positions.advance("C1", { seq: 1, id: 1 });
    assert.deepEqual(positions.wanted(), [{ channelId: "C2", position: undefined }]);
    assert.equal(positions.remove("C2"), false);
  });
});
