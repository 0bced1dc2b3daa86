import { RealtimeService } from "../../gen/confab/v1/realtime.js";
import { ConversationType } from "../../gen/confab/v1/types.js";
import { RpcClient } from "../../lib/rpc/client.js";
import { type Api, connect } from "../../tools/checks/api.js";
import { LocalServer, type Ready } from "../../tools/checks/local-server.js";
import type { SocketPlan } from "../load/load-socket.js";
import { inTurns } from "./in-turns.js";
import type { Shape, System } from "./system.js";

const callsMax = 64;
const jsonSubprotocol = "confab.v1.json";

export interface ConfabOptions {
  readonly folder: string;
  readonly shape: Shape;
  /** Where V8 is to write a profile of the server. */
  readonly profileFolder?: string | undefined;
}

/** All of Confab in one process, posted to by gRPC, listened to as any client does. */
export class ConfabSystem implements System {
  readonly name = "confab";
  #channels: readonly string[] = [];

  private constructor(
    private readonly shape: Shape,
    private readonly server: LocalServer,
    private readonly ready: Ready,
    private readonly api: Api,
  ) {}

  static async start({ folder, shape, profileFolder }: ConfabOptions): Promise<ConfabSystem> {
    const nodeArgs = profileFolder ? ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`] : [];
    const server = new LocalServer(folder, [], nodeArgs);
    const ready = await server.start();
    const system = new ConfabSystem(shape, server, ready, connect(ready));
    await system.#createChannels();
    return system;
  }

  get pid(): number {
    return this.server.pid;
  }

  async plans(): Promise<SocketPlan[]> {
    const { sockets, channels, follow } = this.shape;
    const client = new RpcClient({ address: this.ready.grpc, token: this.ready.token });
    const { connect } = client.service(RealtimeService);
    const plans: SocketPlan[] = [];
    await inTurns(sockets, callsMax, async (socket) => {
      const { url, ticket } = await connect({ region: "" });
      const followed = { first: (socket * follow) % channels, count: follow, channels };
      const ids = Array.from({ length: follow }, (_, i) => this.#channels[(followed.first + i) % channels]!);
      const subscribe = { channels: ids.map((channelId) => ({ channelId })) };
      const firstFrame = JSON.stringify({ requestId: 1, subscribe });
      const subprotocols = [jsonSubprotocol, `confab.ticket.${ticket}`];
      plans.push({ url, subprotocols, firstFrame, readyText: '"ready"', followed });
    });
    client.close();
    return plans;
  }

  async post(channel: number, markers: readonly string[]): Promise<void> {
    const channelId = this.#channels[channel]!;
    const options = { parentId: 0, broadcast: false, clientMsgId: "" };
    const messages = markers.map((marker) => ({ ...options, text: this.#textOf(marker) }));
    if (messages.length === 1) {
      await this.api.messaging.postMessage({ channelId, message: messages[0], firstAttempt: true });
      return;
    }
    const { results } = await this.api.messaging.postMessages({ channelId, messages, firstAttempt: true });
    const refused = results.find(({ result }) => result?.$case !== "position");
    if (refused) throw new Error(`a post was refused: ${JSON.stringify(refused)}`);
  }

  async close(): Promise<void> {
    this.api.close();
    await this.server.close();
  }

  #textOf(marker: string): string {
    return marker.padEnd(this.shape.textBytes, " and so on");
  }

  async #createChannels(): Promise<void> {
    const type = ConversationType.CONVERSATION_TYPE_PUBLIC;
    const ids: string[] = [];
    await inTurns(this.shape.channels + this.shape.silent, callsMax, async (index) => {
      const request = { name: `bench-${index}`, type, topic: "" };
      const { conversation } = await this.api.directory.createConversation(request);
      ids[index] = conversation!.id;
    });
    this.#channels = ids;
  }
}
