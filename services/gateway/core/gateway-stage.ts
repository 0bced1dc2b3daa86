import type { Down, Up } from "../../../gen/confab/mesh/v1/attach.js";
import type { Command, Refusal } from "../../../gen/confab/mesh/v1/write.js";
import type { ClientFrame } from "../../../gen/confab/v1/realtime.js";
import { Event } from "../../../gen/confab/v1/types.js";
import type { ConfabError } from "../../../lib/errors/errors.js";
import { deletedBy } from "../../../lib/events/erased.js";
import { eventFrame, typingFrame } from "../../../lib/frames/event-frame.js";
import type { ChannelId, UserId, WorkspaceId } from "../../../lib/ids/ids.js";
import { slotOf } from "../../../lib/ring/slot.js";
import type { Outcome } from "./client-sends.js";
import { Gateway } from "./gateway.js";
import type { Format } from "./session.js";
import { TestClient } from "./test-client.js";

export const channel = "C000000000001" as ChannelId;
export const otherChannel = "C000000000002" as ChannelId;
export const ada = "U000000000001" as UserId;
export const bob = "U000000000002" as UserId;
const workspaceId = "W000000000001" as WorkspaceId;

/** Where the owner is at first, and where it may move to. */
export const here = "a:1";
export const there = "b:1";

type Action = NonNullable<Command["action"]>;

const aliases: readonly ChannelId[] = [channel, otherChannel, ada];
const aliasOf = (id: ChannelId) => aliases.indexOf(id) + 1;
const at = (seq: number) => ({ seq, id: 1000 + seq });

/** A gateway's core for tests, with clients on one side and, on the other, what a test has owners say. */
export class GatewayStage {
  now = 1_700_000_000_000;
  owner: { address: string; epoch: number } | undefined = { address: here, epoch: 1 };
  /** Publications by topic. */
  readonly published: string[] = [];
  /** What owners were asked to carry out and have not answered, as a text and what answers it. */
  readonly sent: { readonly text: string; answer(...outcomes: Outcome[]): void }[] = [];
  /** Refuses what users send. */
  refusal: ConfabError | undefined;
  readonly gateway: Gateway;
  readonly #clients: TestClient[] = [];
  readonly #frames: string[] = [];
  #timer: { at: number; call: (now: number) => void } | undefined;

  constructor() {
    this.gateway = new Gateway({
      ownerOf: (slot) => this.owner && { ...this.owner, slot, memberId: "m", incarnation: "i", cleanFrom: 1 },
      up: (address, items) => void this.#frames.push(`${address}: ${items.map(wishText).join(", ")}`),
      flushSoon: () => {},
      later: (ms, call) => {
        this.#timer = { at: this.now + ms, call };
      },
      random: () => 0.5,
      publish: (topic, frame) => {
        this.published.push(topic);
        for (const client of this.#clients) if (client.topics.has(topic)) client.send(frame);
      },
      sends: {
        charge: () => {
          if (this.refusal) throw this.refusal;
        },
        command: ({ userId }, channelId, actions, firstAttempt, done) => {
          const again = firstAttempt ? "" : " again";
          const text = `${userId} in ${channelId}${again}: ${actions.map(actionText).join(", ")}`;
          this.sent.push({ text, answer: (...outcomes) => done(outcomes) });
        },
        markRead: ({ userId }, channelId, seq, done) => {
          const text = `${userId} in ${channelId}: mark ${seq}`;
          this.sent.push({ text, answer: (outcome) => done(outcome!) });
        },
      },
    });
  }

  /** A client that has got its hello. */
  connect(userId = ada, format: Format = "json"): TestClient {
    const client = new TestClient(format);
    this.#clients.push(client);
    const identity = { connectionId: "1", userId, workspaceId, tokenId: "T" };
    client.session = this.gateway.opened(client, identity);
    client.heard();
    return client;
  }

  /** A client that follows the channel and has all up to `newest`, which is where the channel is. */
  follow(newest: number, userId = ada, format: Format = "json"): TestClient {
    const client = this.connect(userId, format);
    this.subscribe(client);
    this.down(here, attached(newest), member(userId, newest));
    this.up();
    client.heard();
    return client;
  }

  receive(client: TestClient, frame: ClientFrame["frame"], requestId = 1): void {
    this.gateway.received(client.session!, { requestId, frame }, this.now);
  }

  /** Asks for the channel from behind `seq`, or from now on. */
  subscribe(client: TestClient, seq?: number, channelId: string = channel): void {
    const position = seq === undefined ? undefined : at(seq);
    this.receive(client, {
      $case: "subscribe",
      value: { all: false, channels: [{ channelId, position }] },
    });
  }

  down(address: string, ...items: Down[]): void {
    this.gateway.down(address, items, this.now);
  }

  /** What has gone up since it was last asked: a text for each frame. */
  up(): string[] {
    this.gateway.flush();
    return this.#frames.splice(0);
  }

  closeStream(address: string): void {
    this.gateway.streamClosed(address, this.now);
  }

  /** The channel has another owner, or none. */
  moveTo(owner: { address: string; epoch: number } | undefined): void {
    this.owner = owner;
    this.gateway.ringChanged([slotOf(channel)], this.now);
  }

  /** Lets so many milliseconds pass. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (let timer = this.#timer; timer && timer.at <= end; timer = this.#timer) {
      this.now = timer.at;
      this.#timer = undefined;
      timer.call(this.now);
    }
    this.now = end;
  }
}

export function attached(newest: number, epoch = 1, channelId = channel): Down {
  const value = { channelId, newest: newest > 0 ? at(newest) : undefined, epoch };
  return { alias: aliasOf(channelId), item: { $case: "attached", value } };
}

export function detached(): Down {
  return { alias: 0, item: { $case: "detached", value: { channelId: channel } } };
}

export function member(
  userId: UserId,
  newest: number,
  isMember = true,
  channelId = channel,
  joinedSeq = 0,
): Down {
  const value = { channelId, userId, member: isMember, newest: at(newest), joinedSeq };
  return { alias: 0, item: { $case: "member", value } };
}

/** An event as it is delivered: a message, unless something else is given. */
export function delivery(seq: number, kind: Event["kind"] = post(seq)): Down {
  return { alias: aliasOf(channel), item: { $case: "delivery", value: delivered(seq, kind) } };
}

/** A notice in the own channel of the first user. */
export function notice(seq: number, channelId: ChannelId, ofSeq: number, joined = true): Down {
  const kind = { $case: "membershipChanged", value: { channelId, seq: ofSeq, joined } } as const;
  return { alias: aliasOf(ada), item: { $case: "delivery", value: delivered(seq, kind, ada) } };
}

/** The answer to a question for the list: conversations with the `seq` of the joining. */
export function memberships(number: number, list: [ChannelId, number][], more = false): Down {
  const conversations = list.map(([channelId, joinedSeq]) => ({ channelId, joinedSeq }));
  return {
    alias: 0,
    item: { $case: "memberships", value: { channelId: ada, number, conversations, more } },
  };
}

export function deliveries(from: number, to: number): Down[] {
  return range(from, to).map((seq) => delivery(seq));
}

/** The answer to a fetch: the events from `from` up to `to`, of what was asked for up to `asked`. */
export function fetched(from: number, to: number, asked = to): Down {
  const events = range(from, to).map((seq) => delivered(seq, post(seq)));
  const fetch = { afterSeq: from - 1, toSeq: asked };
  const value = { channelId: channel, events, fetch, fromStore: false };
  return { alias: 0, item: { $case: "fetched", value } };
}

export function newest(seq: number): Down {
  return { alias: aliasOf(channel), item: { $case: "newest", value: at(seq) } };
}

export function typing(author: UserId, afterSeq: number): Down {
  const value = { afterSeq, author, frame: typingFrame(channel, author, 0) };
  return { alias: aliasOf(channel), item: { $case: "transient", value } };
}

export function refused(refusal: Partial<Refusal>, userId = ""): Down {
  const whole = { code: "", message: "", field: "", retryMs: 0, ownerEpoch: 0, ...refusal };
  return { alias: 0, item: { $case: "refused", value: { channelId: channel, userId, refusal: whole } } };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

const post = (seq: number): Event["kind"] => ({
  $case: "messagePosted",
  value: { text: `text ${seq}`, clientMsgId: "", parentId: 0, broadcast: false },
});

function delivered(seq: number, kind: Event["kind"], channelId = channel) {
  const event = Event.encode({ ...at(seq), author: ada, kind }).finish();
  const membership = kind?.$case === "membersJoined" || kind?.$case === "membersLeft";
  return { ...at(seq), frame: eventFrame(channelId, event), membership, deletes: deletedBy({ kind }) };
}

function actionText(action: Action): string {
  if (action.$case === "post") return `post ${action.value.text}`;
  if (action.$case === "react") return `react ${action.value.emoji} to ${action.value.messageId}`;
  return action.$case;
}

function wishText({ channelId, wish }: Up): string {
  const where = channelId === channel ? "" : ` of ${channelId}`;
  switch (wish?.$case) {
    case "attach":
      return `attach${wish.value.position ? ` from ${wish.value.position.seq}` : ""}${where}`;
    case "ask":
      return `ask ${wish.value.userId}${where}`;
    case "fetch":
      return `fetch ${wish.value.afterSeq + 1} to ${wish.value.toSeq}${where}`;
    case "memberships":
      return `list ${wish.value.number}${where}`;
    default:
      return `${wish?.$case}${where}`;
  }
}
