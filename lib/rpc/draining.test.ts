import assert from "node:assert/strict";
import { once } from "node:events";
import { Client, credentials, type ServiceDefinition } from "@grpc/grpc-js";
import { service as healthDefinition } from "grpc-health-check";
import { MessagingService } from "../../gen/confab/v1/messaging.js";
import { systemClock } from "../clock/system-clock.js";
import type { UserId, WorkspaceId } from "../ids/ids.js";
import { RpcClient } from "./client.js";
import { implement } from "./implement.js";
import { loadDescriptors } from "./reflection.js";
import { createRpcServer } from "./server.js";

const caller = {
  userId: "U000000000001" as UserId,
  workspaceId: "W000000000001" as WorkspaceId,
  tokenId: "T",
};

describe("an rpc server that drains", () => {
  it("says so to who watches its health, and answers calls until it is closed", async () => {
    const ignore = () => {};
    const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
    const surroundings = { clock: systemClock, log, authenticator: { authenticate: async () => caller } };
    const service = implement(MessagingService, { listUnread: async () => ({ unread: [] }) }, surroundings);
    const server = createRpcServer({
      clock: systemClock,
      descriptors: loadDescriptors(),
      services: [service],
    });
    const address = `127.0.0.1:${await server.listen("127.0.0.1:0")}`;
    const [plain, rpc] = [
      new Client(address, credentials.createInsecure()),
      new RpcClient({ address, token: "T" }),
    ];
    const { path, requestSerialize, responseDeserialize } = (healthDefinition as ServiceDefinition).Watch!;
    const watched = plain.makeServerStreamRequest(path, requestSerialize, responseDeserialize, {
      service: "",
    });
    watched.on("error", ignore);
    try {
      assert.deepEqual((await once(watched, "data"))[0], { status: "SERVING" });
      server.drain();
      assert.deepEqual((await once(watched, "data"))[0], { status: "NOT_SERVING" });
      const answer = await rpc.service(MessagingService).listUnread({ channelIds: [] });
      assert.deepEqual(answer, { unread: [] });
    } finally {
      watched.cancel();
      plain.close();
      rpc.close();
      await server.close();
    }
  });
});
