import assert from "node:assert/strict";
import { ConfabError } from "../../sdk/node.js";
import { ConnectionWords } from "./connection-words.js";

describe("ConnectionWords", () => {
  const gone = new ConfabError("unavailable", "", "gone");

  it("tell a loss and its end once each, however many tries it takes", () => {
    const said: string[] = [];
    const words = new ConnectionWords((line) => said.push(line));
    words.changed("connecting");
    words.changed("connected");
    assert.deepEqual(said, []);
    for (const message of ["gone", "still gone"]) {
      words.changed("waiting", new ConfabError("unavailable", "", message));
      words.changed("connecting");
    }
    assert.equal(words.failure?.message, "still gone");
    words.changed("connected");
    assert.deepEqual(said, ["confab: gone; reconnecting", "confab: connected again"]);
  });

  it("tell nothing of tries before there was a connection, nor of moves without a pause", () => {
    const said: string[] = [];
    const words = new ConnectionWords((line) => said.push(line));
    words.changed("waiting", gone);
    words.changed("connected");
    words.changed("connecting");
    words.changed("connected");
    words.changed("ended");
    assert.deepEqual(said, []);
  });
});
