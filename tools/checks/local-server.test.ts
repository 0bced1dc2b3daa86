import assert from "node:assert/strict";
import { parseReady } from "./local-server.js";

describe("parseReady", () => {
  const ready = { event: "ready", url: "http://a:1", ws: "ws://a:1", grpc: "a:2", token: "t", ms: 1 };

  it("reads the line that says where the server is", () => {
    assert.deepEqual(parseReady(JSON.stringify(ready)), ready);
  });

  it("passes over every other line", () => {
    for (const line of [
      "",
      "{",
      "starting",
      '{"event":"log"}',
      JSON.stringify({ ...ready, grpc: undefined }),
    ]) {
      assert.equal(parseReady(line), undefined, line);
    }
  });
});
