import assert from "node:assert/strict";
import { ManualClock } from "../../../lib/clock/manual-clock.js";
import { Heartbeat } from "./heartbeat.js";

function setUp() {
  const clock = new ManualClock();
  const socket = {
    isPaused: false,
    pings: 0,
    closed: 0,
    send: () => void socket.pings++,
    close: () => void socket.closed++,
  };
  const heartbeat = new Heartbeat(clock, socket);
  heartbeat.start(1000);
  return { clock, socket, heartbeat };
}

describe("Heartbeat", () => {
  it("asks every period, and ends a connection that gave no sign in two", () => {
    const { clock, socket, heartbeat } = setUp();
    clock.advance(1000);
    heartbeat.sign();
    clock.advance(2000);
    assert.deepEqual([socket.pings, socket.closed], [3, 0]);
    clock.advance(1000);
    assert.deepEqual([socket.pings, socket.closed], [3, 1]);
    clock.advance(10_000);
    assert.equal(socket.closed, 1);
  });

  it("does not blame the gateway while nothing is read", () => {
    const { clock, socket } = setUp();
    socket.isPaused = true;
    clock.advance(10_000);
    assert.equal(socket.closed, 0);
  });

  it("does nothing once it is closed", () => {
    const { clock, socket, heartbeat } = setUp();
    heartbeat.close();
    heartbeat.close();
    clock.advance(10_000);
    assert.deepEqual([socket.pings, socket.closed], [0, 0]);
  });
});
