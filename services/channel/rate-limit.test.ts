import assert from "node:assert/strict";
import type { Command, Result } from "../../gen/confab/mesh/v1/write.js";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import type { ChannelId } from "../../lib/ids/ids.js";
import { slotOf } from "../../lib/ring/slot.js";
import { MemoryStore } from "../../lib/store/memory/memory-store.js";
import { Life } from "./life.js";

const channelId = "C000000000001" as ChannelId;
const [ada, eve] = ["U000000000001", "U000000000002"];

const owners = { command: async () => [] };

describe("the rate of a channel", () => {
  const clock = new ManualClock();
  const results: Result[] = [];
  let store: MemoryStore;
  let number: number;
  let send: (...commands: Command[]) => Promise<void>;
  let life: Life;
  let limited: number;

  beforeEach(async () => {
    store = new MemoryStore();
    [results.length, number, limited] = [0, 0, 0];
    const ignore = () => {};
    const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
    const meter = {
      ...{
        answered: ignore,
        posted: ignore,
        activated: ignore,
        evicted: ignore,
        proposedAgain: ignore,
        read: ignore,
      },
      ...{ stored: ignore, appended: ignore, fannedOut: ignore, lifeEnded: ignore, released: ignore },
      rateLimited: () => void limited++,
    };
    const channelRate = { perSecond: 10, burst: 5 };
    life = new Life({ incarnation: "a/1", clock, store, log, owners, ended: ignore, channelRate, meter });
    const slot = slotOf(channelId);
    const record = { slot, memberId: "a", incarnation: "a/1", address: "a:1", epoch: 1, cleanFrom: 1 };
    life.slotsChanged(new Map([[slot, record]]));
    const link = {
      send: (frame: { results: Result[] }) => void results.push(...frame.results),
      close: ignore,
    };
    const end = life.acceptCommands(link);
    send = async (...commands) => {
      results.length = 0;
      end.received({ commands });
      await clock.pass(0);
    };
    const value = { name: "c", topic: "", type: 1, workspaceId: "W000000000001" };
    await send(command(ada!, { $case: "create", value } as never));
    await clock.pass(1000);
  });
  afterEach(() => life.close("test ended"));

  function command(author: string, action: NonNullable<Command["action"]>): Command {
    return { number: ++number, channelId, author, epoch: 1, firstAttempt: true, deadlineUs: 0, action };
  }
  const post = (clientMsgId: string, author = ada!) =>
    command(author, { $case: "post", value: { text: "hi", clientMsgId, parentId: 0, broadcast: false } });
  const outcomes = () =>
    results.map(({ outcome }) => (outcome?.$case === "refusal" ? outcome.value.code : outcome?.$case));

  it("lets a burst through and refuses the rest, which is not stored", async () => {
    await send(...Array.from({ length: 7 }, (_, i) => post(`${i}`)));
    const sorted = outcomes().sort();
    assert.deepEqual(sorted, [...Array(5).fill("position"), "rate_limited", "rate_limited"]);
    const refusal = results.find(({ outcome }) => outcome?.$case === "refusal")?.outcome;
    assert.ok(refusal?.$case === "refusal");
    assert.equal(refusal.value.retryMs, 100);
    assert.equal(limited, 2);
    const page = await life.read({
      ...{ channelId, reader: ada!, epoch: 1, fromSeq: 0, limit: 100, downward: false, minSeq: 0 },
    });
    assert.ok(page.outcome?.$case === "page");
    assert.equal(page.outcome.value.newest?.seq, 2 + 5);
    await clock.pass(100);
    await send(post("6"));
    assert.deepEqual(outcomes(), ["position"]);
  });

  it("is not used up by those who may not post, nor by posts that are known", async () => {
    await send(post("a"));
    await send(...Array.from({ length: 50 }, (_, i) => post(`e${i}`, eve!)));
    assert.deepEqual(new Set(outcomes()), new Set(["not_in_channel"]));
    await send(...Array.from({ length: 50 }, () => ({ ...post("a"), firstAttempt: false })));
    assert.deepEqual(new Set(outcomes()), new Set(["position"]));
    await send(...Array.from({ length: 4 }, (_, i) => post(`b${i}`)));
    assert.deepEqual(new Set(outcomes()), new Set(["position"]));
  });
});
