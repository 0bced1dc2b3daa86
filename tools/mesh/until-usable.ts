import { setTimeout as wait } from "node:timers/promises";
import { connect } from "../../clients/sdk/node.js";
import { DirectoryService } from "../../gen/confab/v1/directory.js";
import { ConversationType } from "../../gen/confab/v1/types.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { RpcClient } from "../../lib/rpc/client.js";

/** How long a mesh whose processes are all ready may take, in ms. */
const usableMsMax = 60_000;
const callMsMax = 10_000;
const againMs = 200;

/** Clients' way to a mesh. */
export interface Edge {
  /** Base of the Web API. */
  readonly url: string;
  /** `host:port` */
  readonly grpc: string;
  readonly token: string;
  /** Certificate in PEM of who signed the one that clients see. */
  readonly ca: string;
}

/**
 * Resolves when a message can be posted and received through the front: the conversation that everybody
 * begins with is made by gRPC, unless it is there, and followed over a socket, for which its owner answers.
 *
 * @throws Error with the reason of the last try if that takes too long
 */
export async function untilUsable(edge: Edge, signal: AbortSignal): Promise<void> {
  const until = performance.now() + usableMsMax;
  for (;;) {
    try {
      await makeGeneral(edge);
      return await followGeneral(edge);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (performance.now() > until) throw new Error(`the mesh does not serve: ${reason}`, { cause: error });
    }
    await wait(againMs, undefined, { signal });
  }
}

async function makeGeneral({ grpc, token, ca }: Edge): Promise<void> {
  // Node warns of certificates that are asked for by an address.
  const address = grpc.replace("127.0.0.1", "localhost");
  const client = new RpcClient({ address, token, timeoutMs: callMsMax, ca });
  try {
    const type = ConversationType.CONVERSATION_TYPE_PUBLIC;
    await client.service(DirectoryService).createConversation({ name: "general", type, topic: "" });
  } catch (error) {
    if (!(error instanceof ConfabError && error.code === "name_taken")) throw error;
  } finally {
    client.close();
  }
}

async function followGeneral({ url, token, ca }: Edge): Promise<void> {
  const client = connect({ url, token, ca, timeoutMs: callMsMax });
  const timer = new AbortController();
  try {
    const late = wait(callMsMax, undefined, { signal: timer.signal }).then(() => {
      throw new Error("a socket is not told that it follows #general");
    });
    await Promise.race([client.subscribe("general").ready, late]);
  } finally {
    timer.abort();
    await client.close();
  }
}
