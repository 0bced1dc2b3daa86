import { DirectoryService } from "../../../gen/confab/v1/directory.js";
import { MessagingService } from "../../../gen/confab/v1/messaging.js";
import { type Methods, RpcClient } from "../../../lib/rpc/client.js";
import { type FoundServer, findServer } from "./find-server.js";
import { isRetryable, Patience, type PatienceParts } from "./patience.js";

/** How long one try of a call may take, in milliseconds. */
const callMsMax = 10_000;

/** What a server offers. */
export interface Api {
  readonly server: FoundServer;
  readonly directory: Methods<typeof DirectoryService>;
  readonly messaging: Methods<typeof MessagingService>;
}

/** Which server, and whom to be there. */
export interface Target {
  /** The server's data folder. */
  readonly folder: string;
  /** Used instead of the folder's token. */
  readonly token: string | undefined;
}

/** Calls the server of a data folder; after a failure it is looked for anew, as it may have moved. */
export class Connection {
  #open: { readonly api: Api; readonly client: RpcClient } | undefined;

  constructor(
    private readonly target: Target,
    private readonly parts: PatienceParts,
    private readonly timeoutMs: number,
  ) {}

  /** The server's services. @throws ConfabError `unavailable` when no server runs */
  async api(): Promise<Api> {
    if (this.#open) return this.#open.api;
    const server = await findServer(this.target.folder, this.target.token);
    const timeoutMs = Math.min(callMsMax, this.timeoutMs);
    const client = new RpcClient({ address: server.grpc, token: server.token, timeoutMs });
    const [directory, messaging] = [client.service(DirectoryService), client.service(MessagingService)];
    this.#open = { client, api: { server, directory, messaging } };
    return this.#open.api;
  }

  /** Calls once. */
  async once<Answer>(call: (api: Api) => Promise<Answer>): Promise<Answer> {
    try {
      return await call(await this.api());
    } catch (error) {
      if (isRetryable(error)) this.close();
      throw error;
    }
  }

  /** Calls, and again as long as the failure is of the kind that passes and time is left. */
  async call<Answer>(call: (api: Api) => Promise<Answer>): Promise<Answer> {
    const patience = new Patience(this.parts, this.timeoutMs);
    for (;;) {
      try {
        return await this.once(call);
      } catch (error) {
        await patience.after(error);
      }
    }
  }

  /** Ends the connection; the next call opens another. */
  close(): void {
    this.#open?.client.close();
    this.#open = undefined;
  }
}
