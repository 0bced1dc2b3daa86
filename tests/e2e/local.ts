import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DirectoryService } from "../../gen/confab/v1/directory.js";
import { MessagingService } from "../../gen/confab/v1/messaging.js";
import { RpcClient } from "../../lib/rpc/client.js";
import { LocalServer, type Ready } from "../../tools/checks/local-server.js";

/** What one user may call. */
export type UserApi = ReturnType<typeof apiOf>;

/** A server in a process of its own on a folder of its own, and users who call it. */
export class LocalStage {
  #server: LocalServer | undefined;
  #folder = "";
  #ready: Ready | undefined;
  readonly #clients: RpcClient[] = [];

  /** Where the server is, and the first user's token. */
  get server(): Ready {
    if (!this.#ready) throw new Error("the server was not started");
    return this.#ready;
  }

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
  connect(token = this.server.token): UserApi {
    const client = new RpcClient({ address: this.server.grpc, token, ca: this.server.ca });
    this.#clients.push(client);
    return apiOf(client);
  }

  async #begin(): Promise<void> {
    this.#ready = await this.#server!.start();
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
