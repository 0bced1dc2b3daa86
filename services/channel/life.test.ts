import assert from "node:assert/strict";
import type { DownFrame } from "../../gen/confab/mesh/v1/attach.js";
import type { Command, ResultFrame } from "../../gen/confab/mesh/v1/write.js";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import type { Link } from "../../lib/links/links.js";
import { slotOf } from "../../lib/ring/slot.js";
import { MemoryStore } from "../../lib/store/memory/memory-store.js";
import { Life } from "./life.js";
import { ada, general } from "./owner-stage.js";

const log = { debug() {}, info() {}, warn() {}, error() {} };

/** The near end of a stream, which keeps what is sent. */
class KeptLink<Frame> implements Link<Frame> {
  readonly sent: Frame[] = [];
  readonly closed: string[] = [];

  send(frame: Frame): void {
    this.sent.push(frame);
  }

  close(reason: string): void {
    this.closed.push(reason);
  }
}

const owners = { command: async () => [] };

describe("a life of a channel server", () => {
  const incarnation = "one/1";
  let clock: ManualClock;
  let store: MemoryStore;
  let life: Life;
  let ended: (number | undefined)[];
  let results: KeptLink<ResultFrame>;
  let down: KeptLink<DownFrame>;
  let streams: { commands: ReturnType<Life["acceptCommands"]>; attach: ReturnType<Life["acceptAttach"]> };

  beforeEach(() => {
    clock = new ManualClock();
    store = new MemoryStore();
    ended = [];
    start(4);
  });

  function start(epoch: number): void {
    const end = (outrankedBy?: number) => ended.push(outrankedBy);
    life = new Life({ incarnation, clock, store, log, owners, ended: end });
    const owner = { memberId: "one", incarnation, address: "one:1", epoch, cleanFrom: epoch };
    life.slotsChanged(new Map([[slotOf(general), { slot: slotOf(general), ...owner }]]));
    results = new KeptLink();
    down = new KeptLink();
    streams = { commands: life.acceptCommands(results), attach: life.acceptAttach(down) };
  }

  const give = (number: number, action: Command["action"]) => {
    const deadlineUs = (clock.now() + 10_000) * 1000;
    const rest = { channelId: general, epoch: 4, author: ada, firstAttempt: true, deadlineUs };
    streams.commands.received({ commands: [{ number, action, ...rest }] });
  };
  const create = (number: number) =>
    give(number, { $case: "create", value: { workspaceId: "W1", name: "general", type: 2 } });
  const post = (number: number) => {
    const value = { text: "hello", clientMsgId: `m${number}`, parentId: 0, broadcast: false };
    give(number, { $case: "post", value });
  };
  const attach = () => {
    const wish = { $case: "attach" as const, value: { position: undefined } };
    streams.attach.received({ items: [{ channelId: general, epoch: 0, wish }] });
  };
  const read = () => {
    const page = { minSeq: 0, fromSeq: 0, limit: 10, downward: false };
    return life.read({ channelId: general, epoch: 0, reader: ada, ...page });
  };
  const answers = () => results.sent.flatMap((frame) => frame.results.map(({ number }) => number));
  const items = () => down.sent.map((frame) => frame.items.map(({ item }) => item?.$case));
  /** Lets promises of the store settle. */
  const settle = async () => {
    for (let turn = 0; turn < 10; turn++) await clock.pass(0);
  };

  it("answers and delivers what became known in one turn in one frame each", async () => {
    create(1);
    await settle();
    attach();
    post(2);
    await settle();
    post(3);
    post(4);
    await settle();
    assert.deepEqual(answers(), [1, 2, 3, 4]);
    assert.ok(items().length < 4, JSON.stringify(items()));
    assert.deepEqual(items().flat(), ["attached", "delivery", "delivery", "delivery"]);
    const { outcome } = await settled(read());
    assert.equal(outcome?.$case, "page");
  });

  it("ends once when it is fenced: nothing is answered but refusals, and all links are closed", async () => {
    create(1);
    await settle();
    await store.fence(incarnation);
    post(2);
    const answer = read();
    await settle();
    post(3);
    attach();
    await settle();
    assert.deepEqual(ended, [undefined]);
    assert.deepEqual([results.closed, down.closed], [["fenced"], ["fenced"]]);
    assert.deepEqual(answers(), [1]);
    const { outcome } = await answer;
    assert.equal(outcome?.$case === "refusal" && outcome.value.code, "not_owner");
  });

  it("ends with the epoch by which it is outranked", async () => {
    create(1);
    await settle();
    start(3);
    const answer = read();
    await settle();
    assert.deepEqual([ended, results.closed], [[4], ["fenced"]]);
    assert.equal((await answer).outcome?.$case, "refusal");
  });

  it("refuses what waits when it is closed, and is not ended by it", async () => {
    create(1);
    await settle();
    post(2);
    post(3);
    life.close("server closed");
    life.close("server closed");
    streams.commands.closed("gone");
    await settle();
    assert.deepEqual([ended, answers(), results.closed], [[], [1, 3], ["server closed"]]);
    const { outcome } = await read();
    assert.equal(outcome?.$case, "refusal");
  });

  it("outlives the links of its peers", async () => {
    create(1);
    attach();
    streams.commands.closed("gone");
    streams.attach.closed("gone");
    await settle();
    assert.deepEqual([answers(), items(), ended], [[], [], []]);
    assert.equal((await store.readMembers(general)).length, 1);
  });

  async function settled<Value>(promise: Promise<Value>): Promise<Value> {
    await settle();
    return promise;
  }
});
