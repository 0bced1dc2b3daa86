import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DirectoryService } from "../../gen/confab/v1/directory.js";
import { MessagingService } from "../../gen/confab/v1/messaging.js";
import { RpcClient } from "../../lib/rpc/client.js";
import { LocalServer } from "../../tools/checks/local-server.js";

/** What one user may call. */
export type UserApi = ReturnType<typeof apiOf>;

/** A server in a process of its own on a folder of its own, and users who call it. */
export class LocalStage {
  #server: LocalServer | undefined;
  #folder = "";
  #grpc = "";
  #firstToken = "";
  readonly #clients: RpcClient[] = [];

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "confab-e2e-"));
    this.#server = new LocalServer(this.#folder);
    await this.#begin();
  }

  /** Ends the server in the middle of whatever it does and starts it again. Users connect anew. */
  async killAndRestart(): Promise<void> {
    this.#closeClients();
    await this.#server?.kill();
    await this.#begin();
  }

  async stop(): Promise<void> {
    this.#closeClients();
    await this.#server?.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** The first user, whom the server made, or the one whose token it is. */
  connect(token = this.#firstToken): UserApi {
    const client = new RpcClient({ address: this.#grpc, token });
    this.#clients.push(client);
    return apiOf(client);
  }

  async #begin(): Promise<void> {
    const { grpc, token } = await this.#server!.start();
    this.#grpc = grpc;
    this.#firstToken = token;
  }

  #closeClients(): void {
    for (const client of this.#clients.splice(0)) client.close();
  }
}

function apiOf(client: RpcClient) {
  return { ...client.service(MessagingService), ...client.service(DirectoryService) };
}

/** Makes another user; resolves with its id and a token for it. */
export async function makeUser(creator: UserApi, name: string): Promise<{ id: string; token: string }> {
  const { user } = await creator.createUser({ name, displayName: name, bot: false });
  const { token } = await creator.createToken({ userId: user!.id, label: "test" });
  return { id: user!.id, token };
}
