import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import WebSocket from "ws";
import type { SocketPlan } from "../load/load-socket.js";
import { findMarker } from "../load/marker.js";
import type { Shape, System } from "./system.js";

/** uWebSockets.js alone, publishing the frames that Confab sends. */
export class BareSystem implements System {
  readonly name = "bare";
  /** Resolved in the order of the posts, which is that of the answers. */
  readonly #unanswered: (() => void)[] = [];

  private constructor(
    private readonly shape: Shape,
    private readonly child: ChildProcess,
    private readonly port: number,
    private readonly publisher: WebSocket,
    private readonly sample: Buffer,
  ) {
    publisher.on("message", () => this.#unanswered.shift()?.());
  }

  /** @param sample a frame of Confab with one message: all frames here are like it, but for the marker */
  static async start(shape: Shape, sample: Buffer): Promise<BareSystem> {
    const child = fork(fileURLToPath(new URL("bare-server.js", import.meta.url)));
    const port = await new Promise<number>((resolve, reject) => {
      child.once("message", (message: number) => resolve(message));
      child.once("exit", () => reject(new Error("the bare server ended")));
    });
    const publisher = new WebSocket(`ws://127.0.0.1:${port}/`);
    await new Promise((resolve, reject) => publisher.once("open", resolve).once("error", reject));
    return new BareSystem(shape, child, port, publisher, sample);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async plans(): Promise<SocketPlan[]> {
    const { sockets, channels, follow } = this.shape;
    return Array.from({ length: sockets }, (_, socket) => {
      const followed = { first: (socket * follow) % channels, count: follow, channels };
      const topics = Array.from({ length: follow }, (_, i) => `c${(followed.first + i) % channels}`);
      const url = `ws://127.0.0.1:${this.port}/`;
      return { url, subprotocols: [], firstFrame: `S${topics.join()}`, readyText: '"ready"', followed };
    });
  }

  post(channel: number, markers: readonly string[]): Promise<void> {
    const frames = markers.map((marker) => this.#frameWith(marker));
    const line = Buffer.from(`c${channel} ${markers.length}\n`);
    return new Promise((resolve) => {
      this.#unanswered.push(resolve);
      this.publisher.send(Buffer.concat([line, ...frames]), { binary: true });
    });
  }

  async close(): Promise<void> {
    this.publisher.terminate();
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill();
    await exit;
  }

  #frameWith(marker: string): Buffer {
    const frame = Buffer.from(this.sample);
    frame.write(marker, findMarker(frame, 0, frame.length), "latin1");
    return frame;
  }
}
