import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@grpc/grpc-js";
import { z } from "zod";
import { hashToken, makeToken } from "../../lib/auth/token.js";
import { makeId, type UserId, type WorkspaceId } from "../../lib/ids/ids.js";
import { dataFiles } from "../../lib/local/data-files.js";
import { openDatabase } from "../../lib/store/sqlite/open-database.js";
import { openSqliteStore, type SqliteStore } from "../../lib/store/sqlite/sqlite-store.js";
import { TestSocket } from "../../services/gateway/tests/test-socket.js";
import { type Api, connect } from "../../tools/checks/api.js";
import { LocalServer, type Ready } from "../../tools/checks/local-server.js";
import { openGrpc, request } from "../../tools/checks/server.js";

const connectSchema = z.object({ ok: z.literal(true), url: z.string(), ticket: z.string() });

/** Somebody who may use the mesh. */
export interface TestUser {
  readonly id: UserId;
  readonly token: string;
}

/**
 * All services as a process of their own on a fresh data folder, with two users of one workspace and one of
 * another.
 */
export class TestMesh {
  #folder = "";
  #server: LocalServer | undefined;
  #ready: Ready | undefined;
  #channel: Client | undefined;
  readonly #closers: { close(): void }[] = [];
  ada!: TestUser;
  bob!: TestUser;
  /** Of another workspace. */
  eve!: TestUser;

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "confab-e2e-"));
    await this.withStore((store) => this.#signUp(store));
    await writeFile(dataFiles(this.#folder).token, `${this.ada.token}\n`, { mode: 0o600 });
    await this.startAgain();
  }

  /** Starts the server on the data that is there, after `stop`. */
  async startAgain(): Promise<void> {
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

  /** A connection to the gRPC services, kept until `stop`. */
  channel(): Client {
    if (this.#channel) return this.#channel;
    const client = openGrpc(this.ready);
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
    const answer = await request(this.ready, "/api/rtm.connect", { method: "POST", headers });
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
    const socket = new TestSocket(url, subprotocols, { origin, ca: this.ready.ca });
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

  /** All that is stored, by table, in JSON; to be asked while no server runs. */
  rows(): Record<string, string[]> {
    const { database, close } = openDatabase(this.#folder);
    try {
      const named = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck();
      const tables = z
        .array(z.string())
        .parse(named.all([]))
        .filter((table) => !ofOwners.has(table));
      const all = (table: string) => database.prepare(`SELECT * FROM "${table}"`).all([]).map(contentOf);
      return Object.fromEntries(tables.map((table) => [table, [...new Set(all(table))]]));
    } finally {
      close();
    }
  }

  async close(): Promise<void> {
    await this.stop();
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }

  async #signUp(store: SqliteStore): Promise<void> {
    const createWorkspace = async (name: string): Promise<WorkspaceId> => {
      const id = makeId("W", Math.random) as WorkspaceId;
      await store.createWorkspace({ id, name });
      return id;
    };
    const create = async (name: string, workspaceId: WorkspaceId): Promise<TestUser> => {
      const [id, token] = [makeId("U", Math.random) as UserId, makeToken()];
      const row = { id, workspaceId, name, displayName: name, creator: id, bot: false, deactivated: false };
      await store.createUser(row);
      const owner = { userId: id, workspaceId, label: "test", revoked: false };
      await store.createToken({ ...owner, hash: hashToken(token), id: `token of ${name}` });
      return { id, token };
    };
    const home = await createWorkspace("test");
    this.ada = await create("ada", home);
    this.bob = await create("bob", home);
    this.eve = await create("eve", await createWorkspace("elsewhere"));
  }
}

/** What owners keep for themselves, and write anew in each of their terms. */
const ofOwners: ReadonlySet<string> = new Set(["fenced", "channel_buckets"]);

/** A row without what an owner changes that writes the last append of the one before it again. */
function contentOf(row: unknown): string {
  const { epoch, written, first, last, projected, ...content } = row as Record<string, unknown>;
  const plain = (_name: string, value: unknown) =>
    value instanceof Uint8Array || value instanceof ArrayBuffer
      ? Buffer.from(new Uint8Array(value)).toString("hex")
      : value;
  return JSON.stringify(content, plain);
}
