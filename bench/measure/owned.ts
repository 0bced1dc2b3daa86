import type { Command } from "../../gen/confab/mesh/v1/write.js";
import { ConversationType } from "../../gen/confab/v1/types.js";
import { systemClock } from "../../lib/clock/system-clock.js";
import { slotOf } from "../../lib/ring/slot.js";
import { MemoryStore } from "../../lib/store/memory/memory-store.js";
import { SdkTracing } from "../../lib/tracing/sdk-tracing.js";
import { SpanSink } from "../../lib/tracing/span-sink.js";
import { Life } from "../../services/channel/life.js";

/** Without tracing, or with it: of commands that are not sampled, or that all are. */
export type Way = "off" | "unsampled" | "sampled";

type Commands = ReturnType<Life["acceptCommands"]>;

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const channelId = "C000000000001";
const author = "U000000000001";
const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/** A channel at its owner, with its log in memory and one gateway that has it attached. */
export class Owned {
  #answers = 0;
  #wanted = 0;
  #done: () => void = () => {};
  #nextNumber = 1;

  private constructor(
    private readonly life: Life,
    private readonly way: Way,
    private readonly sink: SpanSink,
  ) {}

  static async open(way: Way): Promise<Owned> {
    const clock = systemClock;
    const exporter = { export: (_: unknown, done: (r: { code: number }) => void) => done({ code: 0 }) };
    const sink = new SpanSink({ clock, log: silent, exporter: { ...exporter, shutdown: async () => {} } });
    const service = { service: "channel", instance: "channel-1" } as const;
    const traced = {
      tracing: new SdkTracing(service, sink, { ratio: 0, random: Math.random }),
      storeSystem: "sqlite",
    } as const;
    const life = new Life({
      incarnation: "life-1",
      clock,
      store: new MemoryStore(),
      log: silent,
      owners: { command: async (_channel, _author, actions) => actions.map(() => ({ seq: 1, id: 1 })) },
      tracing: way === "off" ? undefined : traced,
      ended: () => {},
    });
    const slot = slotOf(channelId);
    const member = { memberId: "one", incarnation: "life-1", address: "one:1" };
    life.slotsChanged(new Map([[slot, { ...member, slot, epoch: 1, cleanFrom: 1 }]]));
    const owned = new Owned(life, way, sink);
    await owned.#begin();
    return owned;
  }

  /** So many messages in one frame; resolves when all are answered. */
  post(count: number): Promise<void> {
    const commands = Array.from({ length: count }, () => {
      const clientMsgId = `message-${this.#nextNumber}`;
      const value = { text: "x".repeat(200), clientMsgId, parentId: 0, broadcast: false };
      return this.#command({ $case: "post", value });
    });
    return this.#send(commands);
  }

  close(): void {
    this.life.close("done");
    void this.sink.shutdown();
  }

  #commands!: Commands;

  async #begin(): Promise<void> {
    this.#commands = this.life.acceptCommands({
      send: ({ results }) => this.#answered(results.length),
      close: () => {},
    });
    const type = ConversationType.CONVERSATION_TYPE_PUBLIC;
    await this.#send([
      this.#command({ $case: "create", value: { workspaceId: "W000000000001", name: "bench", type } }),
    ]);
    const gateway = this.life.acceptAttach({ send: () => {}, close: () => {} });
    const wish = { $case: "attach", value: { position: undefined } } as const;
    gateway.received({ items: [{ channelId, epoch: 1, wish }] });
  }

  #send(commands: Command[]): Promise<void> {
    this.#wanted += commands.length;
    const done = new Promise<void>((resolve) => {
      this.#done = resolve;
    });
    this.#commands.received({ commands });
    return done;
  }

  #answered(count: number): void {
    this.#answers += count;
    if (this.#answers === this.#wanted) this.#done();
  }

  #command(action: NonNullable<Command["action"]>): Command {
    const number = this.#nextNumber++;
    const command = { number, channelId, epoch: 1, author, firstAttempt: true, deadlineUs: 0, action };
    return this.way === "sampled" ? { ...command, traceparent } : command;
  }
}
