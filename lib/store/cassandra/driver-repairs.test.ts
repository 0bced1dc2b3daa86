import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Client } from "cassandra-driver";
import { repair } from "./driver-repairs.js";

class FakeClient extends EventEmitter {
  readonly controlConnection = {
    _refresh: async (): Promise<void> => {
      throw new TypeError("overtaken");
    },
  };
}

describe("the repairs of the driver", () => {
  it("end for good what the driver forgets of a node", () => {
    const client = new FakeClient();
    repair(client as unknown as Client);
    const ended: boolean[] = [];
    const shutdown = async (waitForPending: boolean) => void ended.push(waitForPending);
    client.emit("hostRemove", { shutdown });
    assert.deepEqual(ended, [false]);
  });

  it("let a look at the cluster fail that is overtaken, and tell of it", async () => {
    const client = new FakeClient();
    repair(client as unknown as Client);
    const told: string[] = [];
    client.on("log", (level, _source, message) => told.push(`${level} ${message}`));
    await client.controlConnection._refresh();
    assert.deepEqual(told, ["warning overtaken"]);
  });
});
