import assert from "node:assert/strict";
import { DirectoryService } from "../../../gen/confab/v1/directory.js";
import { MessagingService, type NewMessage } from "../../../gen/confab/v1/messaging.js";
import { PresenceService } from "../../../gen/confab/v1/presence.js";
import { RealtimeService } from "../../../gen/confab/v1/realtime.js";
import { ConversationType } from "../../../gen/confab/v1/types.js";
import { Authenticator } from "../../../lib/auth/authenticator.js";
import { hashToken, makeToken } from "../../../lib/auth/token.js";
import { ManualClock } from "../../../lib/clock/manual-clock.js";
import type { UserId, WorkspaceId } from "../../../lib/ids/ids.js";
import { FakeOwners } from "../../../lib/owners/tests/fake-owners.js";
import { RpcClient } from "../../../lib/rpc/client.js";
import type { RpcServer } from "../../../lib/rpc/server.js";
import { MemoryStore } from "../../../lib/store/memory/memory-store.js";
import type { AdminParts } from "../parts.js";
import { createAdmin } from "../server.js";

export const home = "W000000000001" as WorkspaceId;
export const elsewhere = "W000000000002" as WorkspaceId;
export const ada = "U000000000001" as UserId;
export const bob = "U000000000002" as UserId;
export const eve = "U000000000003" as UserId;

/** A message to post. */
export const message = (text: string, values: Partial<NewMessage> = {}): NewMessage => ({
  ...{ text, clientMsgId: "", parentId: 0, broadcast: false },
  ...values,
});

/** An admin on a port of its own, with a store in memory and owners that only look like some. */
export class TestAdmin {
  readonly owners = new FakeOwners();
  readonly store = new MemoryStore();
  readonly #clock = new ManualClock(Date.now());
  readonly #errors: object[] = [];
  readonly #clients: { close(): void }[] = [];
  readonly #server: RpcServer;
  address = "";

  constructor(options: Pick<AdminParts, "limits" | "rpcMeter"> = {}) {
    this.#server = createAdmin({
      ...options,
      authenticator: new Authenticator(this.store, this.#clock),
      connectFlow: {
        connect: async (_caller, region) => ({ url: `ws://${region}`, ticket: "t", ticketTtlMs: 60_000 }),
      },
      directory: this.store,
      memberships: this.store,
      owners: this.owners,
      clock: this.#clock,
      random: Math.random,
      log: {
        debug: () => {},
        info: () => {},
        warn: () => {},
        error: (details) => this.#errors.push(details),
      },
    });
  }

  async start(): Promise<void> {
    await this.store.createWorkspace({ id: home, name: "Home" });
    await this.store.createWorkspace({ id: elsewhere, name: "Elsewhere" });
    this.address = `127.0.0.1:${await this.#server.listen("127.0.0.1:0")}`;
  }

  /** Nothing may have broken. */
  async stop(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.close();
    await this.#server.close();
    assert.deepEqual(this.#errors, []);
  }

  /** Has a client closed at the end. */
  use<Client extends { close(): void }>(client: Client): Client {
    this.#clients.push(client);
    return client;
  }

  async signUp(id: UserId, workspaceId: WorkspaceId): Promise<string> {
    const name = String(id).toLowerCase();
    const rest = { displayName: "", bot: false, deactivated: false, creator: "" };
    await this.store.createUser({ id, workspaceId, name, ...rest });
    const token = makeToken();
    const hash = hashToken(token);
    await this.store.createToken({ hash, id: `T${id}`, userId: id, workspaceId, label: "", revoked: false });
    return token;
  }

  /** All services, in the name of a new user. */
  async connect(id: UserId, workspaceId = home) {
    const token = await this.signUp(id, workspaceId);
    const client = this.use(new RpcClient({ address: this.address, token }));
    return {
      messaging: client.service(MessagingService),
      directory: client.service(DirectoryService),
      realtime: client.service(RealtimeService),
      presence: client.service(PresenceService),
    };
  }
}

type Connected = Awaited<ReturnType<TestAdmin["connect"]>>;

/** Creates the conversation `general`; resolves with its id. */
export async function createGeneral(
  { directory }: Pick<Connected, "directory">,
  type = ConversationType.CONVERSATION_TYPE_PUBLIC,
): Promise<string> {
  const { conversation } = await directory.createConversation({ name: "general", type, topic: "all" });
  assert.ok(conversation);
  return conversation.id;
}
