import assert from "node:assert/strict";
import { formatAnnouncement, parseAnnouncement } from "./data-files.js";

describe("the announcement of a local server", () => {
  const announcement = { url: "http://a:1", ws: "ws://a:3/v1/socket", grpc: "a:2", pid: 7 };

  it("is read as it was written", () => {
    for (const one of [announcement, { ...announcement, ca: "/certificates/authority.pem" }])
      assert.deepEqual(parseAnnouncement(formatAnnouncement(one)), one);
  });

  it("is nothing when it is torn or of another shape", () => {
    const text = formatAnnouncement(announcement);
    for (const other of [
      "",
      "null",
      text.slice(0, -3),
      text.replace("grpc", "rpc"),
      text.replace("7", "0"),
    ]) {
      assert.equal(parseAnnouncement(other), undefined, other);
    }
  });
});
