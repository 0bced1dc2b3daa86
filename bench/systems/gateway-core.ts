import type { Down } from "../../gen/confab/mesh/v1/attach.js";
import { typingFrame } from "../../lib/frames/event-frame.js";
import { type ChannelId, makeId, type UserId, type WorkspaceId } from "../../lib/ids/ids.js";
import { Gateway } from "../../services/gateway/core/gateway.js";
import type { ClientConnection, Session } from "../../services/gateway/core/session.js";

const address = "owner:1";
const now = 1_700_000_000_000;
const newest = { seq: 1, id: now * 1000 };

/** A gateway's core whose owner admits everybody and whose clients' connections only count. */
export class GatewayCore {
  /** How many frames went to connections. */
  sent = 0;
  readonly #gateway: Gateway;
  readonly #connection: ClientConnection;
  readonly #channels: ChannelId[] = [];
  #seq = newest.seq;

  constructor({ canJoin = true } = {}) {
    this.#connection = {
      format: "proto",
      canJoin,
      send: () => void this.sent++,
      bufferedBytes: () => 0,
      join: () => {},
      leave: () => {},
      close: () => {},
    };
    this.#gateway = new Gateway({
      ownerOf: (slot) => ({ address, epoch: 1, slot, memberId: "m", incarnation: "i", cleanFrom: 1 }),
      up: () => {},
      flushSoon: () => {},
      later: () => {},
      random: () => 0.5,
      publish: () => {},
      sends: { charge: () => {}, command: () => {}, markRead: () => {} },
    });
  }

  /** Follows that are live. */
  get live(): number {
    const { all, asking, catchingUp } = this.#gateway.followCounts();
    return all - asking - catchingUp;
  }

  /** So many sessions follow the same channels. */
  followTogether(sessions: number, channels: number): void {
    this.#open(channels);
    for (let i = 0; i < sessions; i++) this.#follow(this.#channels);
  }

  /** Each session follows channels that nobody else does. */
  followAlone(sessions: number, channelsEach: number): void {
    for (let i = 0; i < sessions; i++) {
      this.#open(channelsEach);
      this.#follow(this.#channels.slice(-channelsEach));
    }
  }

  /** So many events come on the first channel. */
  deliver(events: number): void {
    const frame = typingFrame(this.#channels[0]!, "U000000000001", 0);
    for (let i = 0; i < events; i++) {
      const seq = ++this.#seq;
      const value = { seq, id: newest.id + seq, frame, membership: false, deletes: 0 };
      this.#gateway.down(address, [{ alias: 1, item: { $case: "delivery", value } }], now);
    }
  }

  #open(channels: number): void {
    for (let i = 0; i < channels; i++) this.#channels.push(makeId("C", Math.random) as ChannelId);
  }

  #follow(channelIds: readonly ChannelId[]): void {
    const session = this.#connect();
    const channels = channelIds.map((channelId) => ({ channelId, position: undefined }));
    const frame = { $case: "subscribe", value: { all: false, channels } } as const;
    this.#gateway.received(session, { requestId: 1, frame }, now);
    this.#gateway.flush();
    const first = this.#channels.length - channelIds.length;
    const { userId } = session.identity;
    const items = channelIds.flatMap((channelId, at) => answers(channelId, first + at + 1, userId));
    this.#gateway.down(address, items, now);
  }

  #connect(): Session {
    const userId = makeId("U", Math.random) as UserId;
    const workspaceId = "W000000000001" as WorkspaceId;
    return this.#gateway.opened(this.#connection, { connectionId: userId, tokenId: "", userId, workspaceId });
  }
}

function answers(channelId: ChannelId, alias: number, userId: string): Down[] {
  const attached = { channelId, newest, epoch: 1 };
  const member = { channelId, userId, member: true, newest, joinedSeq: 1 };
  return [
    { alias, item: { $case: "attached", value: attached } },
    { alias: 0, item: { $case: "member", value: member } },
  ];
}
