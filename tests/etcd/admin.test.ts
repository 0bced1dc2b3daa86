import assert from "node:assert/strict";
import { runInProcess } from "../../clients/cli/tests/in-process.js";
import type { EtcdCoordinator } from "../../lib/coordination/etcd/etcd-coordinator.js";
import { drainKey, fenceKey, moveKey, pinKey } from "../../lib/ring/keys.js";
import { memberEntry, ownerEntry } from "../../lib/ring/records.js";
import { slotOf } from "../../lib/ring/slot.js";
import { moveEntry, parsePin } from "../../lib/ring/wishes.js";
import { EtcdServer } from "../../tools/components/etcd/server.js";
import { freePort } from "../../tools/testing/free-ports.js";
import { dataFolder, needsEtcd, openEtcd } from "./etcd-stage.js";

const config = { data: undefined, token: undefined, folder: "/nowhere" };
const channel = "C000000000001";
const member = (memberId: string) => ({ memberId, incarnation: `${memberId}/1`, address: `${memberId}:1` });
const ownerOf = (slot: number, memberId: string) => {
  return ownerEntry({ slot, ...member(memberId), epoch: 10 + slot, cleanFrom: 5 });
};

describe("confab admin", function () {
  this.timeout(40_000);
  needsEtcd();
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let server: EtcdServer;
  let coordinator: EtcdCoordinator;
  before(async () => {
    folder = await dataFolder();
    server = await EtcdServer.alone(folder.path);
    await server.start();
    coordinator = openEtcd([server.url], { prefix: "confab/" });
  });
  after(async () => {
    await coordinator?.close();
    await server?.stop();
    await folder?.remove();
  });
  beforeEach(async () => {
    const keys = [
      pinKey(2),
      pinKey(slotOf(channel)),
      drainKey("a"),
      drainKey("b"),
      fenceKey("a/1"),
      moveKey(1),
    ];
    await coordinator.transact({ remove: [...keys, fenceKey("c/1")] });
    const members = ["a", "b"].map((id) => memberEntry({ ...member(id), weight: 1, leaving: id === "b" }));
    const owners = [ownerOf(0, "a"), ownerOf(1, "a"), ownerOf(2, "a"), ownerOf(7, "c")];
    await coordinator.transact({ put: [...members, ...owners] });
  });

  const run = (...args: string[]) => runInProcess(config, ["admin", ...args, "--etcd", server.url]);
  const printed = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args);
    assert.equal(code, 0, stderr);
    return stdout.trim().split("\n");
  };
  const objects = async (...args: string[]) =>
    (await printed(...args, "--json")).map((line) => JSON.parse(line));
  const assertRefused = async (code: number, words: RegExp, ...args: string[]) => {
    const ended = await run(...args);
    assert.deepEqual([ended.code, ended.stdout], [code, ""]);
    assert.match(ended.stderr, words);
  };
  const valuesOf = async (key: string) => (await coordinator.read(key)).map(({ value }) => value);

  it("ring shows slots by owner, epochs, and what moves", async () => {
    const to = { toMemberId: "b", toIncarnation: "b/1", toAddress: "b:1" };
    await coordinator.transact({ put: [moveEntry({ slot: 1, fromIncarnation: "a/1", ...to })] });
    assert.deepEqual(await printed("ring", "--slots"), [
      "a/1  3 slots  epochs 10 to 12  0-2",
      "b/1  0 slots",
      "c/1  1 slots  epochs 17 to 17  7",
      "nobody  4092 slots",
      "slot 1 moves from a to b",
    ]);
    const [, second] = await objects("ring");
    const wished = { movesTo: "b", pinnedTo: "" };
    assert.deepEqual(second, { slot: 1, ...member("a"), epoch: 11, cleanFrom: 5, ...wished });
  });

  it("members lists who is there, leaves, is drained, or is gone and owns slots still", async () => {
    await printed("drain", "a");
    const members = await objects("members");
    assert.deepEqual(members, [
      { ...member("a"), weight: 1, slots: 3, state: "drained" },
      { ...member("b"), weight: 1, slots: 0, state: "leaving" },
      { ...member("c"), weight: 0, slots: 1, state: "gone" },
    ]);
    const [first] = await printed("members");
    assert.equal(first, "a  a/1  a:1  weight 1  3 slots  (drained)");
  });

  it("pin and move pin a slot, by number or by a channel in it, until unpin", async () => {
    assert.deepEqual(await printed("pin", "2", "b"), ["slot 2 is pinned to b; it is a's now"]);
    const [{ slot }] = await objects("move", channel, "a");
    assert.equal(slot, slotOf(channel));
    const pins = await coordinator.read("pins/");
    assert.deepEqual(pins.map((entry) => parsePin(entry)?.memberId).sort(), ["a", "b"]);
    assert.ok((await printed("ring")).includes("slot 2 is a's, pinned to b"));
    await printed("unpin", "2");
    assert.deepEqual(await valuesOf(pinKey(2)), []);
    await assertRefused(1, /slot 2 is not pinned/, "unpin", "2");
  });

  it("drain and undrain keep a member without slots and end that", async () => {
    assert.deepEqual(await objects("drain", "a"), [{ memberId: "a", drained: true }]);
    assert.equal((await valuesOf(drainKey("a"))).length, 1);
    await printed("undrain", "a");
    assert.deepEqual(await valuesOf(drainKey("a")), []);
    await assertRefused(1, /a is not drained/, "undrain", "a");
  });

  it("fence names the present life of a member, or a former one that owns slots", async () => {
    assert.deepEqual(await objects("fence", "a"), [{ incarnation: "a/1" }]);
    await printed("fence", "c/1");
    const fences = (await coordinator.read("fences/")).map(({ key }) => key);
    assert.deepEqual(fences, ["fences/a/1", "fences/c/1"]);
  });

  it("refuses what makes no sense by its name, and changes nothing", async () => {
    await assertRefused(1, /no member nobody: there are a, b \(invalid_argument\)/, "pin", "2", "nobody");
    await assertRefused(1, /no member c: /, "drain", "c");
    await assertRefused(1, /nobody here is or was a\/0/, "fence", "a/0");
    // What is wrong with the use of the tool is written by the library that reads its arguments.
    for (const slot of ["4096", "two", "U123"]) await assertRefused(2, /^/, "pin", slot, "a");
    await assertRefused(2, /^/, "drain", "a b");
    await assertRefused(2, /^/, "fence", "a/b/c");
    assert.deepEqual(await valuesOf("pins/"), []);
  });

  it("says so when etcd does not answer", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { code, stderr } = await runInProcess(config, ["admin", "ring", "--etcd", url]);
    assert.equal(code, 1);
    assert.match(stderr, /cannot use etcd at http:\/\/127\.0\.0\.1:\d+/);
  });
});

describe("confab admin without an etcd", () => {
  it("says how to name one, and why a server in one process has no ring to show", async () => {
    const { code, stderr } = await runInProcess(config, ["admin", "ring"]);
    assert.equal(code, 2);
    assert.match(stderr, /--etcd or CONFAB_ETCD_ENDPOINTS: a server that is coordinated in memory/);
    const wrong = await runInProcess(config, ["admin", "ring", "--etcd", "nonsense"]);
    assert.match(wrong.stderr, /CONFAB_ETCD_ENDPOINTS/);
  });
});
