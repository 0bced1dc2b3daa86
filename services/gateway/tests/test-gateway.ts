import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Down, DownFrame, UpFrame } from "../../../gen/confab/mesh/v1/attach.js";
import { systemClock } from "../../../lib/clock/system-clock.js";
import { MemoryCoordinator } from "../../../lib/coordination/memory-coordinator.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { UserId, WorkspaceId } from "../../../lib/ids/ids.js";
import type { Link } from "../../../lib/links/links.js";
import { MemoryLinks } from "../../../lib/links/memory-links.js";
import { FakeOwners } from "../../../lib/owners/tests/fake-owners.js";
import { ownerEntry } from "../../../lib/ring/records.js";
import { slotOf } from "../../../lib/ring/slot.js";
import type { StreamHandler } from "../../../lib/rpc/stream.js";
import { attached, channel, here, member } from "../core/gateway-stage.js";
import { GatewayServer } from "../server.js";
import { createSocketServer, hasUwsBinary, type SocketEngine } from "../socket-engine.js";
import type { SocketServer } from "../sockets.js";
import { TestSocket } from "./test-socket.js";

/** The libraries that run here. */
export const testedEngines: readonly SocketEngine[] = hasUwsBinary() ? ["uws", "ws"] : ["ws"];

export const jsonSubprotocol = "confab.v1.json";
export const homePage = "https://chat.example.com";
const workspaceId = "W000000000001" as WorkspaceId;
const host = "127.0.0.1";

/** A gateway with real sockets. Its tickets are users' ids; the channel's owner is whoever runs the test. */
export class TestGateway {
  readonly #coordinator = new MemoryCoordinator(systemClock);
  readonly #links = new MemoryLinks(systemClock);
  readonly #sockets: TestSocket[] = [];
  readonly #errors: object[] = [];
  readonly #server: GatewayServer;
  #owner: Link<DownFrame> | undefined;
  #port = 0;
  readonly workspaceId = workspaceId;
  /** Carries out what clients send. */
  readonly owners = new FakeOwners();
  /** Newest event of the channel. */
  newest = 3;
  /** Whether the owner answers whether a user may follow; the test answers if not. */
  answersAsks = true;
  /** What checking a ticket waits for. */
  ticketsWait: Promise<void> = Promise.resolve();
  /** Emits `ticket` when one is to be checked, `ask` when the owner is asked. */
  readonly happened = new EventEmitter();

  /** A gateway whose sockets are by the library of that name. */
  static async make(engine: SocketEngine): Promise<TestGateway> {
    const ignore = () => {};
    const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
    return new TestGateway(await createSocketServer(engine, systemClock, log));
  }

  private constructor(sockets: SocketServer) {
    this.#server = new GatewayServer({
      clock: systemClock,
      random: Math.random,
      links: this.#links,
      coordinator: this.#coordinator,
      sockets,
      tickets: { verify: (ticket) => this.#verify(ticket) },
      allowedOrigins: [homePage],
      owners: this.owners,
      log: { debug() {}, info() {}, warn() {}, error: (details) => void this.#errors.push(details) },
    });
  }

  /** What a gRPC server offers as `Realtime.Subscribe`. */
  subscribe(): StreamHandler {
    return this.#server.subscribe();
  }

  get url(): string {
    return `ws://${host}:${this.#port}/v1/socket`;
  }

  async start(): Promise<void> {
    const record = { slot: slotOf(channel), memberId: "a", incarnation: "i", address: here };
    await this.#coordinator.transact({ put: [ownerEntry({ ...record, epoch: 1, cleanFrom: 1 })] });
    await this.#links.listen(here, {
      accept_attach: (link) => {
        this.#owner = link;
        return { received: (frame) => this.#grant(frame), closed: () => {} };
      },
    });
    this.#port = await this.#server.listen(`${host}:0`);
  }

  /** Asks all clients to come back elsewhere within a window, in ms. */
  drain(windowMs: number, signal?: AbortSignal): Promise<void> {
    return this.#server.drain(windowMs, signal);
  }

  /** Ends the gateway only. */
  close(): Promise<void> {
    return this.#server.close();
  }

  /** Ends everything; returns what was logged as an error. */
  async stop(): Promise<object[]> {
    await this.close();
    for (const socket of this.#sockets) socket.end();
    await this.#coordinator.close();
    return this.#errors;
  }

  /** Offers subprotocols and waits for nothing. */
  dial(subprotocols: readonly string[], origin?: string): TestSocket {
    const socket = new TestSocket(this.url, subprotocols, { origin });
    this.#sockets.push(socket);
    return socket;
  }

  /** A socket that has got its hello. */
  async connect(userId: UserId): Promise<TestSocket> {
    const socket = this.dial([jsonSubprotocol, `confab.ticket.${userId}`]);
    assert.match(await socket.next(), /^\{"hello":/);
    return socket;
  }

  /** A socket that follows the channel. */
  async follow(userId: UserId): Promise<TestSocket> {
    const socket = await this.connect(userId);
    socket.send(JSON.stringify({ subscribe: { channels: [{ channelId: channel }] } }));
    assert.match(await socket.next(), /^\{"subscribed":/);
    assert.match(await socket.next(), /^\{"ready":/);
    return socket;
  }

  /** What the channel's owner says in one frame. */
  deliver(...items: Down[]): void {
    this.#owner?.send({ items });
  }

  #grant({ items }: UpFrame): void {
    for (const { wish } of items) {
      if (wish?.$case === "attach") this.deliver(attached(this.newest));
      if (wish?.$case !== "ask") continue;
      if (this.answersAsks) this.deliver(member(wish.value.userId as UserId, this.newest));
      this.happened.emit("ask");
    }
  }

  async #verify(ticket: string) {
    this.happened.emit("ticket");
    await this.ticketsWait;
    if (ticket === "broken") throw new Error("no key");
    if (!ticket.startsWith("U")) throw new ConfabError("invalid_ticket");
    const caller = { userId: ticket as UserId, workspaceId, tokenId: "T" };
    return { caller, id: ticket, expiresMs: 0 };
  }
}
