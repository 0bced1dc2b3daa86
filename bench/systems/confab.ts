import { RealtimeService } from "../../gen/confab/v1/realtime.js";
import { RpcClient } from "../../lib/rpc/client.js";
import { type Api, connect, createChannels } from "../../tools/checks/api.js";
import type { Choice } from "../../tools/checks/check.js";
import { inTurns } from "../../tools/checks/in-turns.js";
import type { Server } from "../../tools/checks/server.js";
import { startMesh } from "../../tools/checks/start-mesh.js";
import { startServer } from "../../tools/checks/start-server.js";
import type { BenchContext } from "../bench.js";
import type { SocketPlan } from "../load/load-socket.js";
import type { Processes } from "../measure/busy.js";
import type { Shape, System } from "./system.js";

const callsMax = 64;
const jsonSubprotocol = "confab.v1.json";

/** What Confab runs as. */
export const onChoice: Choice = {
  standard: "local",
  words: ["local", "mesh"],
  about: "all in one process, or each service in processes of its own behind Envoy",
};

/** Whether appends are confirmed before they are answered. */
export const confirmChoice: Choice = {
  standard: "with",
  words: ["with", "without", "both"],
  about: "on a mesh: whether appends are confirmed before they are answered, or both side by side",
};

/** Has processes of Node leave the confirm out. */
const unconfirmed = { NODE_OPTIONS: `--import ${new URL("./unconfirmed.js", import.meta.url).href}` };

/** A Confab that runs. */
interface Started {
  readonly server: Server;
  readonly api: Api;
  /** By the names of services and components; one alone in its process is the `server`. */
  readonly processes: Processes;
}

/** All of Confab in one process or in many, posted to by gRPC, listened to as any client does. */
export class ConfabSystem implements System {
  readonly name = "confab";

  private constructor(
    private readonly shape: Shape,
    private readonly started: Started,
    private readonly channels: readonly string[],
  ) {}

  /**
   * Starts what the user chose, which is closed in the end, and creates the channels.
   *
   * @param confirms appends are confirmed before they are answered, as they are everywhere but here
   */
  static async start(context: BenchContext, shape: Shape, confirms = true): Promise<ConfabSystem> {
    const isMesh = context.chosen.on === "mesh";
    if (!confirms && !isMesh) throw new Error("only a mesh can do without the confirm: --on mesh");
    const started = isMesh ? await onMesh(context, confirms ? {} : unconfirmed) : await onServer(context);
    const channels = await createChannels(started.api, shape.channels + shape.silent, { prefix: "bench" });
    return new ConfabSystem(shape, started, channels);
  }

  get processes(): Processes {
    return this.started.processes;
  }

  /** Of a server that is all in one process. */
  get pid(): number {
    return this.processes.get("server")?.[0] ?? 0;
  }

  async plans(): Promise<SocketPlan[]> {
    const { sockets, channels, follow } = this.shape;
    const { grpc: address, token, ca } = this.started.server;
    const client = new RpcClient({ address, token, ca });
    const { connect } = client.service(RealtimeService);
    const plans: SocketPlan[] = [];
    await inTurns(sockets, callsMax, async (socket) => {
      const { url, ticket } = await connect({ region: "" });
      const followed = { first: (socket * follow) % channels, count: follow, channels };
      const ids = Array.from({ length: follow }, (_, i) => this.channels[(followed.first + i) % channels]!);
      const subscribe = { channels: ids.map((channelId) => ({ channelId })) };
      const firstFrame = JSON.stringify({ requestId: 1, subscribe });
      const subprotocols = [jsonSubprotocol, `confab.ticket.${ticket}`];
      plans.push({ url, subprotocols, firstFrame, readyText: '"ready"', followed, ca });
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

async function onServer(context: BenchContext): Promise<Started> {
  const { profileFolder } = context;
  const nodeArgs = profileFolder ? ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`] : [];
  const { server, ready, api } = await startServer(context, { nodeArgs });
  return { server: ready, api, processes: new Map([["server", [server.pid]]]) };
}

async function onMesh(context: BenchContext, variables: Readonly<Record<string, string>>): Promise<Started> {
  const { stage, server } = await startMesh(context, { variables });
  const api = connect(server);
  context.defer(() => api.close());
  const processes = new Map<string, number[]>();
  for (const { name, pid } of stage.status()) {
    const kind = name.replace(/-\d+$/, "");
    processes.set(kind, [...(processes.get(kind) ?? []), pid]);
  }
  return { server, api, processes };
}
