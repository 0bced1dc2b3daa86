import type { Client } from "@grpc/grpc-js";
import { z } from "zod";
import { ConversationType } from "../../gen/confab/v1/types.js";
import { ConfabError } from "../../lib/errors/errors.js";
import type { Store } from "../../lib/store/store.js";
import { TestSocket } from "../../services/gateway/tests/test-socket.js";
import { type Api, connect } from "../../tools/checks/api.js";
import { openGrpc, request, type Server } from "../../tools/checks/server.js";
import { signUp, type TestUser, type TestUsers } from "./target/sign-up.js";
import type { Rows, Target } from "./target/target.js";

const connectSchema = z.object({ ok: z.literal(true), url: z.string(), ticket: z.string() });

/** What one user may call. */
export type UserApi = Api["messaging"] & Api["directory"];

/**
 * A target with two users of one workspace and one of another, all its own, and the clients that tests open.
 * Ada's and Bob's workspace has the conversation `general`.
 */
export class TestMesh {
  #channel: Client | undefined;
  #users: TestUsers | undefined;
  readonly #closers: { close(): void }[] = [];

  constructor(private readonly target: Target) {}

  async start(): Promise<void> {
    await this.target.start(async (store) => {
      this.#users = await signUp(store);
      return this.#users.ada.token;
    });
    const type = ConversationType.CONVERSATION_TYPE_PUBLIC;
    const created = this.user().createConversation({ name: "general", type, topic: "" });
    await created.catch((error) => {
      if (!(error instanceof ConfabError && error.code === "name_taken")) throw error;
    });
  }

  get ada(): TestUser {
    return this.#signedUp.ada;
  }

  get bob(): TestUser {
    return this.#signedUp.bob;
  }

  /** Of another workspace. */
  get eve(): TestUser {
    return this.#signedUp.eve;
  }

  /** Where everything is, with Ada's token. */
  get server(): Server {
    return { ...this.target.server, token: this.ada.token };
  }

  /** The gRPC services in the name of whoever has the token. */
  api(token: string): Api {
    const api = connect({ ...this.server, token });
    this.#closers.push(api);
    return api;
  }

  /** The same, all methods in one; Ada's unless it is another's token. */
  user(token = this.ada.token): UserApi {
    const { messaging, directory } = this.api(token);
    return { ...messaging, ...directory };
  }

  /** A connection to the gRPC services, kept until `disconnect`. */
  channel(): Client {
    if (this.#channel) return this.#channel;
    const client = openGrpc(this.server);
    this.#channel = client;
    this.#closers.push({
      close: () => {
        client.close();
        this.#channel = undefined;
      },
    });
    return client;
  }

  /** Asks the Web API for a ticket. */
  async ticket(token: string): Promise<{ url: string; ticket: string }> {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await request(this.server, "/api/rtm.connect", { method: "POST", headers });
    return connectSchema.parse(await answer.json());
  }

  /** A socket that has got its hello. */
  async socket(token: string, format: "json" | "proto" = "json"): Promise<TestSocket> {
    const { url, ticket } = await this.ticket(token);
    const socket = this.dial(url, [`confab.v1.${format}`, `confab.ticket.${ticket}`]);
    const first = await socket.next();
    if (format === "json" && !first.startsWith('{"hello":'))
      throw new Error(`instead of a hello came ${first}`);
    return socket;
  }

  /** A socket that offers these subprotocols. */
  dial(url: string, subprotocols: readonly string[], origin?: string): TestSocket {
    const socket = new TestSocket(url, subprotocols, { origin, ca: this.server.ca });
    this.#closers.push({ close: () => socket.end() });
    return socket;
  }

  /** Looks into the store. What clients there were are ended. */
  withStore<Result>(use: (store: Store) => Promise<Result>): Promise<Result> {
    this.#disconnect();
    return this.target.withStore(use);
  }

  /** All that is stored. What clients there were are ended. */
  rows(): Promise<Rows> {
    this.#disconnect();
    return this.target.rows();
  }

  /** Ends what owns channels in the middle of whatever it does and starts it again. Users connect anew. */
  killAndRestart(): Promise<void> {
    this.#disconnect();
    return this.target.killAndRestart();
  }

  async close(): Promise<void> {
    this.#disconnect();
    await this.target.close();
  }

  get #signedUp(): TestUsers {
    if (!this.#users) throw new Error("the mesh was not started");
    return this.#users;
  }

  #disconnect(): void {
    for (const closer of this.#closers.splice(0)) closer.close();
  }
}

/** Has a user make another one; resolves with its id and a token for it. */
export async function makeUser(creator: UserApi, name: string): Promise<{ id: string; token: string }> {
  const { user } = await creator.createUser({ name, displayName: name, bot: false });
  const { token } = await creator.createToken({ userId: user!.id, label: "test" });
  return { id: user!.id, token };
}
