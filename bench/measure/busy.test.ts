import assert from "node:assert/strict";
import { BusyMeter } from "./busy.js";

describe("how busy processes are", () => {
  it("is told by kind, from what each has spent since", () => {
    const meter = new BusyMeter(
      new Map([
        ["own", [process.pid]],
        ["twice", [process.pid, process.pid]],
      ]),
    );
    const before = process.cpuUsage();
    const spentUs = () => process.cpuUsage(before).user;
    while (spentUs() < 50_000) Math.sqrt(spentUs());
    const { cpuUs, busy } = meter.read();
    assert.deepEqual(Object.keys(busy), ["ownBusy", "twiceBusy", "machineBusy"]);
    assert.ok(
      busy.ownBusy! > 0 && busy.twiceBusy! > busy.ownBusy! && busy.machineBusy! > 0,
      JSON.stringify(busy),
    );
    assert.ok(cpuUs >= 3 * 40_000, `${cpuUs}`);
  });
});
