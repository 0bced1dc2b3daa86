import assert from "node:assert/strict";
import { sharedCassandra } from "../../../tests/cassandra.js";
import { conversationRow, newUser, newWorkspace, userRow } from "../suite/samples.js";
import { CassandraStore } from "./cassandra-store.js";
import { createClient } from "./client.js";
import { Requests, type Statement } from "./requests.js";
import { openOn, optionsOn } from "./test-store.js";

/** Requests of a process that dies: after so many writes it does nothing more. */
class DyingRequests extends Requests {
  left = 0;

  override async conditional(operation: string, statement: Statement) {
    this.#die();
    return super.conditional(operation, statement);
  }

  override async write(operation: string, statements: readonly Statement[]) {
    this.#die();
    return super.write(operation, statements);
  }

  #die(): void {
    if (this.left-- <= 0) throw new Error("the process is dead");
  }
}

describe("the directory in Cassandra", () => {
  const server = sharedCassandra();
  let store: CassandraStore;
  let dying: CassandraStore;
  let requests: DyingRequests;
  before(async () => {
    store = await openOn(server());
    const options = optionsOn(server());
    requests = new DyingRequests(createClient(options));
    dying = new CassandraStore(requests, options.keyspace);
  });
  after(async () => {
    await store?.close();
    await dying?.close();
  });

  /** Makes a user but dies after so many steps. */
  async function dieAfter(steps: number, row: ReturnType<typeof userRow>): Promise<void> {
    requests.left = steps;
    await assert.rejects(dying.createUser(row), /dead/);
  }

  async function listed(row: ReturnType<typeof userRow>): Promise<unknown[]> {
    return (await store.listUsers(row.workspaceId, "", 10)).rows;
  }

  it("shows nothing of a row whose maker died before its name was its own", async () => {
    const row = userRow(newWorkspace(), "ada");
    await dieAfter(1, row);
    assert.equal(await store.findUser(row.id), undefined);
    assert.equal(await store.findUserByName(row.workspaceId, "ada"), undefined);
    assert.deepEqual(await listed(row), []);
    assert.equal(await store.createUser(row), true);
    assert.deepEqual(await store.findUser(row.id), row);
  });

  it("shows all of a row whose maker could not mark it after its name was its own", async () => {
    const row = userRow(newWorkspace(), "ada");
    requests.left = 2;
    assert.equal(await dying.createUser(row), true);
    assert.deepEqual(await store.findUser(row.id), row);
    assert.deepEqual(await store.findUserByName(row.workspaceId, "ada"), row);
    assert.deepEqual(await listed(row), [row]);
    assert.equal(await store.createUser(row), true);
    assert.equal(await store.createUser({ ...row, id: newUser() }), false);
  });

  it("gives the name of a dead maker's row to another, and then the id too", async () => {
    const dead = userRow(newWorkspace(), "ada");
    await dieAfter(1, dead);
    const other = { ...dead, id: newUser() };
    assert.equal(await store.createUser(other), true);
    assert.equal(await store.createUser(dead), false);
    assert.equal(await store.findUser(dead.id), undefined);
    const renamed = { ...dead, name: "eve" };
    assert.equal(await store.createUser(renamed), true);
    assert.deepEqual(await store.findUser(dead.id), renamed);
    assert.deepEqual(await listed(dead), [other, renamed]);
  });

  it("finishes a dead maker's row when its id is wanted for another", async () => {
    const dead = userRow(newWorkspace(), "ada");
    await dieAfter(1, dead);
    assert.equal(await store.createUser({ ...dead, name: "eve" }), false);
    assert.deepEqual(await store.findUser(dead.id), dead);
    assert.deepEqual(await listed(dead), [dead]);
  });

  it("makes exactly one of many rows that race for an id, and of as many for a name", async () => {
    const workspace = newWorkspace();
    const one = userRow(workspace, "");
    const sameId = ["a", "b", "c", "d"].map((name) => ({ ...one, name }));
    const made = await Promise.all(sameId.map((row) => store.createUser(row)));
    assert.equal(made.filter(Boolean).length, 1);
    assert.deepEqual(await listed(one), [sameId[made.indexOf(true)]]);
    assert.deepEqual(await store.findUser(one.id), sameId[made.indexOf(true)]);
    const sameName = [1, 2, 3, 4].map(() => userRow(workspace, "zoe"));
    const named = await Promise.all(sameName.map((row) => store.createUser(row)));
    assert.equal(named.filter(Boolean).length, 1);
    assert.equal((await listed(one)).length, 2);
  });

  it("lists names in their order through pages, those of other types left out", async () => {
    const workspace = newWorkspace();
    const names = Array.from({ length: 60 }, (_, at) => `name-${String(at).padStart(2, "0")}`);
    const rows = names.map((name, at) =>
      conversationRow(workspace, name, { type: at % 3 === 0 ? "public" : "private" }),
    );
    await Promise.all(rows.map((row) => store.createConversation(row)));
    const found: unknown[] = [];
    for (let after = "", more = true; more; more = after !== "") {
      const page = await store.listConversations(workspace, ["public"], after, 7);
      found.push(...page.rows);
      after = page.next;
    }
    assert.deepEqual(
      found,
      rows.filter(({ type }) => type === "public"),
    );
  });
}).timeout(60_000);
