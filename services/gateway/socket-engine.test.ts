import assert from "node:assert/strict";
import { systemClock } from "../../lib/clock/system-clock.js";
import { createSocketServer, hasUwsBinary, type SocketEngine } from "./socket-engine.js";
import { WsSocketServer } from "./ws-socket-server.js";

/** Makes a server; resolves with it and what was logged. */
async function make(engine: SocketEngine) {
  const logged: unknown[] = [];
  const note = (...words: unknown[]) => void logged.push(words[0]);
  const log = { debug: note, info: note, warn: note, error: note };
  const server = await createSocketServer(engine, systemClock, log);
  server.close();
  return { isWs: server instanceof WsSocketServer, logged };
}

describe("the library that accepts sockets", () => {
  const runtime = `${process.platform} ${process.arch}, Node ${process.versions.node}`;
  const usual = hasUwsBinary() ? "uWebSockets.js" : "ws";

  it(`is ${usual} here by itself, which one line of the log says`, async () => {
    assert.deepEqual(await make("auto"), { isWs: usual === "ws", logged: [{ engine: usual, runtime }] });
  });

  it("is ws where that is asked for", async () => {
    assert.deepEqual(await make("ws"), { isWs: true, logged: [{ engine: "ws", runtime }] });
  });

  it("is uWebSockets.js where that is asked for, if there is a binary of it", async () => {
    if (hasUwsBinary()) assert.equal((await make("uws")).isWs, false);
    else await assert.rejects(make("uws"), { code: "invalid_argument", field: "engine" });
  });
});
