import { Metadata } from "@grpc/grpc-js";
import { DirectoryService } from "../../../gen/confab/v1/directory.js";
import { ClientFrame, RealtimeService, type ServerFrame } from "../../../gen/confab/v1/realtime.js";
import { RpcClient } from "../../../lib/rpc/client.js";
import type { Room } from "../room.js";
import { openGrpc, type Server } from "../server.js";

/** One that follows; `first` resolves with the first event. */
export interface Following {
  readonly first: Promise<unknown>;
}

/**
 * Follows `general` by gRPC. Streams are spread over all gateways, where the sockets of a workspace may all
 * be at one. Resolves once all follow.
 */
export async function followByStreams(
  server: Server,
  count: number,
  defer: Room["defer"],
): Promise<Following[]> {
  const channelId = await idOfGeneral(server);
  const client = openGrpc(server);
  defer(() => client.close());
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${server.token}`);
  const { path, requestSerialize, responseDeserialize } = RealtimeService.subscribe;
  const follow = () =>
    new Promise<Following>((resolve, reject) => {
      const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata);
      defer(() => stream.cancel());
      stream.on("error", reject);
      const first = new Promise<void>((received) => {
        stream.on("data", ({ frame, events }: ServerFrame) => {
          if (events.length > 0) received();
          if (frame?.$case === "ready") resolve({ first });
        });
      });
      const subscribe = { all: false, channels: [{ channelId, position: undefined }] };
      stream.write(ClientFrame.create({ requestId: 1, frame: { $case: "subscribe", value: subscribe } }));
    });
  return Promise.all(Array.from({ length: count }, follow));
}

async function idOfGeneral({ grpc, token, ca }: Server): Promise<string> {
  const client = new RpcClient({ address: grpc, token, ...(ca !== undefined && { ca }) });
  try {
    const { conversations } = await client
      .service(DirectoryService)
      .listConversations({ pageToken: "", limit: 1000, mine: true });
    const general = conversations.find(({ name }) => name === "general");
    if (!general) throw new Error("there is no conversation general");
    return general.id;
  } finally {
    client.close();
  }
}
