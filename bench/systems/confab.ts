import { RealtimeService } from "../../gen/confab/v1/realtime.js";
import { RpcClient } from "../../lib/rpc/client.js";
import { createChannels } from "../../tools/checks/api.js";
import { inTurns } from "../../tools/checks/in-turns.js";
import { type Started, startServer } from "../../tools/checks/start-server.js";
import type { BenchContext } from "../bench.js";
import type { SocketPlan } from "../load/load-socket.js";
import type { Shape, System } from "./system.js";

const callsMax = 64;
const jsonSubprotocol = "confab.v1.json";

/** All of Confab in one process, posted to by gRPC, listened to as any client does. */
export class ConfabSystem implements System {
  readonly name = "confab";

  private constructor(
    private readonly shape: Shape,
    private readonly started: Started,
    private readonly channels: readonly string[],
  ) {}

  /** Starts a server, which is closed in the end, and creates the channels. */
  static async start(context: BenchContext, shape: Shape): Promise<ConfabSystem> {
    const { profileFolder } = context;
    const nodeArgs = profileFolder ? ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`] : [];
    const started = await startServer(context, { nodeArgs });
    const channels = await createChannels(started.api, shape.channels + shape.silent, { prefix: "bench" });
    return new ConfabSystem(shape, started, channels);
  }

  get pid(): number {
    return this.started.server.pid;
  }

  async plans(): Promise<SocketPlan[]> {
    const { sockets, channels, follow } = this.shape;
    const { ready } = this.started;
    const client = new RpcClient({ address: ready.grpc, token: ready.token, ca: ready.ca });
    const { connect } = client.service(RealtimeService);
    const plans: SocketPlan[] = [];
    await inTurns(sockets, callsMax, async (socket) => {
      const { url, ticket } = await connect({ region: "" });
      const followed = { first: (socket * follow) % channels, count: follow, channels };
      const ids = Array.from({ length: follow }, (_, i) => this.channels[(followed.first + i) % channels]!);
      const subscribe = { channels: ids.map((channelId) => ({ channelId })) };
      const firstFrame = JSON.stringify({ requestId: 1, subscribe });
      const subprotocols = [jsonSubprotocol, `confab.ticket.${ticket}`];
      plans.push({ url, subprotocols, firstFrame, readyText: '"ready"', followed, ca: ready.ca });
    });
    client.close();
    return plans;
  }

  async post(channel: number, markers: readonly string[]): Promise<void> {
    const { messaging } = this.started.api;
    const channelId = this.channels[channel]!;
    const options = { parentId: 0, broadcast: false, clientMsgId: "" };
    const messages = markers.map((marker) => ({ ...options, text: this.#textOf(marker) }));
    if (messages.length === 1) {
      await messaging.postMessage({ channelId, message: messages[0], firstAttempt: true });
      return;
    }
    const { results } = await messaging.postMessages({ channelId, messages, firstAttempt: true });
    const refused = results.find(({ result }) => result?.$case !== "position");
    if (refused) throw new Error(`a post was refused: ${JSON.stringify(refused)}`);
  }

  #textOf(marker: string): string {
    return marker.padEnd(this.shape.textBytes, " and so on");
  }
}
