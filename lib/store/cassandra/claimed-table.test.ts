import assert from "node:assert/strict";
import { errors } from "cassandra-driver";
import type { Log } from "../../log/log.js";
import { NotWritten } from "../log-store.js";
import { newWorkspace, userRow } from "../suite/samples.js";
import { DirectoryTables } from "./directory-tables.js";
import { FakeClient } from "./fake-client.js";
import { Requests } from "./requests.js";

const unreachable = () => new errors.NoHostAvailableError({}, "nobody is there");

/** A directory whose requests of this number, from 1, and above cannot be sent. */
function directoryUntil(failing: number, log?: Log) {
  let sent = 0;
  const client = new FakeClient(() => {
    if (++sent >= failing) throw unreachable();
    return {};
  });
  return new DirectoryTables(new Requests(client.driver), "confab", log);
}

describe("making a row of the directory in Cassandra", () => {
  const row = userRow(newWorkspace(), "ada");

  it("is known not to have been done only if its first step was not", async () => {
    await assert.rejects(directoryUntil(1).createUser(row), NotWritten);
    await assert.rejects(directoryUntil(2).createUser(row), (error) => {
      assert.ok(error instanceof Error && !(error instanceof NotWritten), `${error}`);
      assert.match(error.message, /the outcome of a write is not known/);
      return true;
    });
  });

  it("is done when the name is its own, whether or not that could be marked", async () => {
    const said: string[] = [];
    const log = { warn: (_: object, message: string) => said.push(message) } as unknown as Log;
    assert.equal(await directoryUntil(3, log).createUser(row), true);
    assert.deepEqual(said, ["a row of the directory could not be marked as made"]);
    assert.equal(await directoryUntil(3).createUser(row), true);
  });
});
