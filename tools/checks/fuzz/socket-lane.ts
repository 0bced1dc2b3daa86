import { ada, channel } from "../../../services/gateway/core/gateway-stage.js";
import type { SocketEngine } from "../../../services/gateway/socket-engine.js";
import { TestGateway } from "../../../services/gateway/tests/test-gateway.js";
import type { TestSocket } from "../../../services/gateway/tests/test-socket.js";
import type { Random } from "../../../tests/sim/random.js";
import { fuzzedFrame } from "./inputs.js";
import { encodeSample } from "./samples.js";
import type { Tally } from "./tally.js";

/** Frames between two pings that must be answered. */
const framesPerPing = 40;
/** Number of a ping that no fuzzed frame has. */
const pingId = 987_654_321;
const subjects = { channels: [channel, "C000000000002"], users: [ada] };

/** Sends frames over real sockets of one library: each is answered or ends its connection. */
export async function socketLane(
  engine: SocketEngine,
  frames: number,
  random: Random,
  tally: Tally,
): Promise<void> {
  const gateway = await TestGateway.make(engine);
  try {
    await gateway.start();
    await sendAll(gateway, frames, random, tally);
  } finally {
    await gateway.stop();
  }
  const errors = await gateway.stop();
  if (errors.length > 0) throw new Error(`logged as errors by ${engine}: ${JSON.stringify(errors)}`);
}

async function sendAll(gateway: TestGateway, frames: number, random: Random, tally: Tally): Promise<void> {
  for (let sent = 0; sent < frames; sent += framesPerPing) {
    const format = random.chance(0.5) ? "json" : "proto";
    const socket = gateway.dial([`confab.v1.${format}`, `confab.ticket.${ada}`]);
    await batch(socket, format, Math.min(framesPerPing, frames - sent), random, tally);
    socket.end();
  }
}

async function batch(
  socket: TestSocket,
  format: "json" | "proto",
  frames: number,
  random: Random,
  tally: Tally,
): Promise<void> {
  const closed = socket.closed().then(() => undefined);
  await socket.nextBytes();
  for (let i = 0; i < frames; i++) {
    const data = fuzzedFrame(random, format, subjects);
    // Now and then the other kind of frame, and text that is no UTF-8, which ends the connection.
    const isBinary = (format === "proto") !== random.chance(0.01);
    const isRaw = isBinary || random.chance(0.01);
    socket.socket.send(isRaw ? data : data.toString(), { binary: isBinary });
    tally.sent++;
  }
  const ping = { requestId: pingId, ping: {} };
  socket.send(format === "json" ? JSON.stringify(ping) : encodeSample(ping));
  for (;;) {
    const answer = await Promise.race([socket.nextBytes(), closed]);
    if (!answer) return void tally.closed++;
    const { frame } = tally.frame(format === "json" ? answer.toString() : answer);
    if (frame?.$case === "pong" && frame.value.requestId === pingId) return;
  }
}
