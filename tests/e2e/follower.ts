import { ServerFrame } from "../../gen/confab/v1/realtime.js";
import type { Position } from "../../gen/confab/v1/types.js";
import type { TestSocket } from "../../services/gateway/tests/test-socket.js";
import { seen } from "../sim/workload/recorder.js";
import type { HistoryWriter } from "./history-writer.js";

/** A connection that follows one channel and takes down what it gets. */
export class Follower {
  position: Position | undefined;

  constructor(
    private readonly socket: TestSocket,
    private readonly name: string,
    private readonly channel: string,
    private readonly history: HistoryWriter,
  ) {}

  /** Asks for the channel from behind a position, or from now on; resolves when it is followed. */
  async follow(user: string, from?: Position): Promise<void> {
    const { name: conn, channel } = this;
    this.history.note({ type: "connect", conn, user });
    this.history.note({ type: "subscribe", conn, channel, ...(from && { seq: from.seq }) });
    const channels = [{ channelId: channel, ...(from && { position: from }) }];
    this.socket.send(JSON.stringify({ requestId: 1, subscribe: { channels } }));
    await this.#until(({ frame }) => frame?.$case === "ready");
  }

  /** Resolves when it has everything up to this event. */
  async reach(seq: number): Promise<void> {
    if ((this.position?.seq ?? 0) < seq) await this.#until(() => this.position?.seq === seq);
  }

  disconnect(): void {
    this.socket.end();
    this.history.note({ type: "disconnect", conn: this.name });
  }

  async #until(isEnough: (frame: ServerFrame) => boolean): Promise<void> {
    for (;;) {
      const frame = ServerFrame.fromJSON(JSON.parse(await this.socket.next()));
      this.#take(frame);
      if (isEnough(frame)) return;
    }
  }

  #take({ events, frame }: ServerFrame): void {
    const { name: conn, channel } = this;
    for (const { event, channelId } of events) {
      if (!event) throw new Error("a delivery without an event");
      this.history.note({ type: "deliver", conn, channel: channelId, event: seen(event) });
      this.position = { seq: event.seq, id: event.id };
    }
    if (frame?.$case === "error") throw new Error(`refused: ${frame.value.problem?.code}`);
    if (frame?.$case !== "subscribed") return;
    this.position = frame.value.position ?? { seq: 0, id: 0 };
    this.history.note({ type: "subscribed", conn, channel, seq: this.position.seq });
  }
}
