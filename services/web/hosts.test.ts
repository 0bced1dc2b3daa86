import assert from "node:assert/strict";
import { makeHostCheck } from "./hosts.js";

describe("the check of hosts", () => {
  const isAllowed = makeHostCheck(["Chat.example.com"]);

  it("lets loopback and the given names in, with any port", () => {
    for (const header of [
      "localhost",
      "127.0.0.1:8080",
      "[::1]:80",
      "chat.example.com",
      "CHAT.example.com.:443",
    ]) {
      assert.equal(isAllowed(header), true, header);
    }
  });

  it("keeps all others out", () => {
    for (const header of [
      undefined,
      "",
      "evil.test",
      "localhost.evil.test",
      "chat.example.com@evil",
      "127.0.0.2",
    ]) {
      assert.equal(isAllowed(header), false, String(header));
    }
  });
});
