import assert from "node:assert/strict";
import type { CommandFrame, ResultFrame } from "../../gen/confab/mesh/v1/write.js";
import { ManualClock } from "../clock/manual-clock.js";
import { frameCodecs } from "./frame-codec.js";
import { GrpcEnd } from "./grpc-end.js";
import { usualLimits } from "./grpc-options.js";
import { frameOf } from "./link-recorder.js";

const log = { debug() {}, info() {}, warn() {}, error() {} };
const { up, down } = frameCodecs.commands;

describe("an end of a link over gRPC", () => {
  let clock: ManualClock;
  let seen: string[];
  /** Lets the connection take the message that it has. */
  let take: (() => void)[];
  let end: GrpcEnd<CommandFrame, ResultFrame>;

  beforeEach(() => {
    clock = new ManualClock();
    seen = [];
    take = [];
    const wire = {
      write(message: Buffer, taken: () => void) {
        seen.push(`wrote ${up.decode(message).commands[0]?.number}`);
        take.push(taken);
      },
      end: (reason: string) => void seen.push(`ended: ${reason}`),
      abort: (reason: string) => void seen.push(`aborted: ${reason}`),
    };
    const peer = { stream: "commands", address: "a:1" };
    end = new GrpcEnd(wire, { peer, out: up, in: down, clock, log, limits: usualLimits });
    end.attach({
      received: ({ results }) => void seen.push(`got ${results[0]?.number}`),
      closed: (reason) => void seen.push(`closed: ${reason}`),
    });
  });

  const arrive = (number: number) => {
    const [message] = down.encode({ results: [{ number, outcome: undefined }] }, 1000);
    end.arrived(message!);
  };
  const next = () => take.shift()?.();

  it("hands over one message after the other, and ends when all are taken", () => {
    for (const number of [1, 2]) end.send(frameOf(number));
    end.close("enough");
    assert.deepEqual(seen, ["wrote 1"]);
    next();
    assert.deepEqual(seen, ["wrote 1", "wrote 2"]);
    next();
    assert.deepEqual(seen, ["wrote 1", "wrote 2", "ended: enough"]);
  });

  it("neither takes nor gives anything once closed, and tells that once, at the end of the turn", () => {
    arrive(1);
    end.close("enough");
    end.close("again");
    end.send(frameOf(1));
    arrive(2);
    end.over("the stream broke");
    end.over("again");
    end.send(frameOf(2));
    assert.deepEqual(seen, ["got 1", "ended: enough"]);
    clock.runTurn();
    clock.advance(usualLimits.graceMs);
    assert.deepEqual(seen, ["got 1", "ended: enough", "closed: enough"]);
  });

  it("forgets what nobody took in time, and ends the stream by force", () => {
    for (const number of [1, 2]) end.send(frameOf(number));
    end.close("enough");
    clock.advance(usualLimits.graceMs);
    next();
    clock.runTurn();
    assert.deepEqual(seen, ["wrote 1", "closed: enough", "aborted: enough"]);
  });

  it("tells who is named after it closed", () => {
    end.close("enough");
    clock.runTurn();
    const late: string[] = [];
    end.attach({ received: () => {}, closed: (reason) => void late.push(reason) });
    clock.runTurn();
    assert.deepEqual(late, ["enough"]);
  });
});
