import assert from "node:assert/strict";
import type { Command } from "../../gen/confab/mesh/v1/write.js";
import type { ConfabError } from "../errors/errors.js";
import type { ChannelId, Position, UserId } from "../ids/ids.js";
import { CommandRouter } from "./command-router.js";

const channel = "C000000000001" as ChannelId;
const author = "U000000000001" as UserId;
const at = (seq: number) => ({ seq, id: 1000 + seq });

describe("commands of one channel on their way to its owner", () => {
  let now: number;
  let address: string | undefined;
  let epoch: number;
  let fractions: number[];
  let frames: Command[][];
  let timers: ((now: number) => void)[];
  let outcomes: string[];
  let router: CommandRouter;

  beforeEach(() => {
    [now, address, epoch, fractions, frames, timers, outcomes] = [1_000_000, "a", 1, [], [], [], []];
    router = new CommandRouter({
      ownerOf: (slot) =>
        address === undefined
          ? undefined
          : { slot, address, memberId: "m", incarnation: "i", epoch, cleanFrom: 1 },
      send: (_address, commands) => void frames.push(commands),
      flushSoon: () => {},
      later: (_ms, call) => void timers.push(call),
      random: () => fractions.shift() ?? 0.5,
    });
  });

  function submit(...names: string[]): void {
    for (const text of names) {
      const value = { text, clientMsgId: text, parentId: 0, broadcast: false };
      const command = {
        channelId: channel,
        author,
        firstAttempt: true,
        action: { $case: "post", value },
      } as const;
      router.submit(command, now + 10_000, now, (outcome: Position | ConfabError) => {
        outcomes.push(`${text}: ${"seq" in outcome ? outcome.seq : outcome.code}`);
      });
    }
  }

  /** What was sent since the last time: a text for each frame. */
  function sent(): string[] {
    router.flush();
    return frames.splice(0).map((commands) => commands.map(nameOf).join(" "));
  }

  /** Sweeps at every 50 ms of a time that passes; returns the frames that were sent. */
  function pass(ms: number): string[] {
    const all: string[] = [];
    for (const end = now + ms; now < end; ) {
      now += 50;
      for (const call of timers.splice(0)) call(now);
      all.push(...sent());
    }
    return all;
  }

  function answer(number: number, code?: string): void {
    const refusal = { code: code ?? "", message: "", field: "", retryMs: 0, ownerEpoch: 0 };
    const outcome = code
      ? ({ $case: "refusal", value: refusal } as const)
      : ({ $case: "position", value: at(number) } as const);
    router.results([{ number, outcome }], now);
  }

  it("go to the new owner at once when the old one refuses them, if it is known already", () => {
    submit("one", "two");
    assert.deepEqual(sent(), ["one two"]);
    epoch = 2;
    answer(1, "not_owner");
    assert.deepEqual(sent(), ["one"]);
    answer(2, "not_owner");
    assert.deepEqual(sent(), [], "the second waits until it is known what came of the first");
    answer(1);
    assert.deepEqual(pass(100), ["two"]);
    submit("three");
    sent();
    answer(3, "not_owner");
    assert.deepEqual(sent(), [], "nobody newer is known");
  });

  it("go again together, whenever each of them would be tried again", () => {
    submit("a", "b", "c");
    assert.deepEqual(sent(), ["a b c"]);
    const refuse = () => [1, 2, 3].forEach((number) => void answer(number, "not_owner"));
    // After some tries the waits are long enough to differ.
    for (let round = 0; round < 6; round++) {
      refuse();
      assert.deepEqual(pass(400), ["a b c"]);
    }
    fractions = [0, 0.99, 0.5];
    refuse();
    assert.deepEqual(pass(300), ["a b c"]);
  });

  it("wait until what became of the ones before is known", () => {
    submit("a", "b");
    sent();
    answer(2, "not_owner");
    assert.deepEqual(pass(1000), []);
    router.ringChanged(now);
    assert.deepEqual(sent(), []);
    answer(1, "not_owner");
    router.ringChanged(now);
    assert.deepEqual(sent(), ["a b"]);
    answer(1);
    answer(2);
    assert.deepEqual(outcomes, ["a: 1", "b: 2"]);
  });

  it("go again when nothing is heard of the ones before", () => {
    submit("a", "b");
    sent();
    answer(2, "not_owner");
    assert.deepEqual(pass(2100), ["a b"]);
  });

  it("keep the trace with which they came, however often they go", () => {
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const value = { text: "a", clientMsgId: "a", parentId: 0, broadcast: false };
    const action = { $case: "post", value } as const;
    const wish = { channelId: channel, author, firstAttempt: true, action };
    router.submit({ ...wish, traceparent }, now + 10_000, now, () => {});
    router.submit(wish, now + 10_000, now, () => {});
    const contexts = () => {
      router.flush();
      return frames.splice(0).map((commands) => commands.map((command) => command.traceparent));
    };
    assert.deepEqual(contexts(), [[traceparent, undefined]]);
    router.linkClosed("a", now);
    router.ringChanged(now);
    assert.deepEqual(contexts(), [[traceparent, undefined]]);
  });

  it("end at their deadline, wherever they are", () => {
    address = undefined;
    submit("a", "b");
    pass(10_050);
    assert.deepEqual(outcomes, ["a: deadline_exceeded", "b: deadline_exceeded"]);
    assert.equal(router.pendingCount, 0);
  });
});

function nameOf({ action }: Command): string {
  return action?.$case === "post" ? action.value.text : "";
}
