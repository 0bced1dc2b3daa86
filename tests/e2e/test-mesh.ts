import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { hashToken, makeToken } from "../../lib/auth/token.js";
import { makeId, type UserId, type WorkspaceId } from "../../lib/ids/ids.js";
import { dataFiles } from "../../lib/local/data-files.js";
import { openSqliteStore, type SqliteStore } from "../../lib/store/sqlite/sqlite-store.js";
import { TestSocket } from "../../services/gateway/tests/test-socket.js";
import { type Api, connect } from "../../tools/checks/api.js";
import { LocalServer, type Ready } from "../../tools/checks/local-server.js";

const connectSchema = z.object({ ok: z.literal(true), url: z.string(), ticket: z.string() });

/** Somebody who may use the mesh. */
export interface TestUser {
  readonly id: UserId;
  readonly token: string;
}

/** All services as a process of their own on a fresh data folder, with two users of one workspace. */
export class TestMesh {
  #folder = "";
  #server: LocalServer | undefined;
  #ready: Ready | undefined;
  readonly #closers: { close(): void }[] = [];
  ada!: TestUser;
  bob!: TestUser;

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "confab-e2e-"));
    await this.withStore((store) => this.#signUp(store));
    await writeFile(dataFiles(this.#folder).token, `${this.ada.token}\n`, { mode: 0o600 });
    this.#server = new LocalServer(this.#folder);
    this.#ready = await this.#server.start();
  }

  get ready(): Ready {
    if (!this.#ready) throw new Error("the mesh was not started");
    return this.#ready;
  }

  /** The gRPC services in the name of whoever has the token. */
  api(token: string): Api {
    const api = connect({ ...this.ready, token });
    this.#closers.push(api);
    return api;
  }

  /** Asks the Web API for a ticket. */
  async ticket(token: string): Promise<{ url: string; ticket: string }> {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${this.ready.url}/api/rtm.connect`, { method: "POST", headers });
    return connectSchema.parse(await answer.json());
  }

  /** A socket that has got its hello. */
  async socket(token: string): Promise<TestSocket> {
    const { url, ticket } = await this.ticket(token);
    const socket = this.dial(url, ["confab.v1.json", `confab.ticket.${ticket}`]);
    const first = await socket.next();
    if (!first.startsWith('{"hello":')) throw new Error(`instead of a hello came ${first}`);
    return socket;
  }

  /** A socket that offers these subprotocols. */
  dial(url: string, subprotocols: readonly string[], origin?: string): TestSocket {
    const socket = new TestSocket(url, subprotocols, origin);
    this.#closers.push({ close: () => socket.end() });
    return socket;
  }

  /** Ends the clients and the server; the data stays until `close`. */
  async stop(): Promise<void> {
    for (const closer of this.#closers.splice(0)) closer.close();
    await this.#server?.close();
  }

  /** Looks into the store, which no server may hold meanwhile. */
  async withStore<Result>(use: (store: SqliteStore) => Promise<Result>): Promise<Result> {
    const store = await openSqliteStore({ folder: this.#folder });
    return use(store).finally(() => store.close());
  }

  async close(): Promise<void> {
    await this.stop();
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }

  async #signUp(store: SqliteStore): Promise<void> {
    const workspaceId = makeId("W", Math.random) as WorkspaceId;
    await store.createWorkspace({ id: workspaceId, name: "test" });
    const create = async (name: string): Promise<TestUser> => {
      const [id, token] = [makeId("U", Math.random) as UserId, makeToken()];
      const row = { id, workspaceId, name, displayName: name, creator: id, bot: false, deactivated: false };
      await store.createUser(row);
      const owner = { userId: id, workspaceId, label: "test", revoked: false };
      await store.createToken({ ...owner, hash: hashToken(token), id: `token of ${name}` });
      return { id, token };
    };
    this.ada = await create("ada");
    this.bob = await create("bob");
  }
}
