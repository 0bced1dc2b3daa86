import { setTimeout as wait } from "node:timers/promises";
import type { Position } from "../../../gen/confab/v1/types.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { Api } from "../api.js";
import type { Server } from "../server.js";
import { compare, type Findings } from "./findings.js";
import { MemberSocket } from "./member-socket.js";

const jitterMsMax = 6;
const arrivalMsMax = 10_000;
const pollMs = 2;
/** By how much a race begins later for the side that won the last one, in ms: both are to win. */
const handicapMsStep = 1;
/** Share of the races in which the member is connecting meanwhile. */
const connectingShare = 0.25;

/** Who takes part in the races of one channel. */
export interface LaneParts {
  readonly server: Server;
  /** Made the channel, invites and removes. */
  readonly creator: Api;
  readonly poster: { readonly api: Api; readonly token: string };
  readonly member: { readonly api: Api; readonly token: string; readonly id: string };
  readonly channelId: string;
  /** Former members must not read it. */
  readonly isPrivate: boolean;
  readonly findings: Findings;
}

/** One channel, with a member who is removed and joins again, race after race. */
export class Lane {
  #member: MemberSocket | undefined;
  /** The last event that the member has. */
  #position: Position = { seq: 0, id: 0 };
  #number = 0;
  /** So much later than the removal the post is begun, in ms; negative if earlier. */
  #handicapMs = 0;

  private constructor(
    private readonly parts: LaneParts,
    private readonly witness: MemberSocket,
  ) {}

  /** Has the member follow the channel, and somebody beside it who stays. */
  static async open(parts: LaneParts): Promise<Lane> {
    const { server, poster, channelId } = parts;
    const witness = await MemberSocket.open({ ...server, token: poster.token }, channelId);
    const lane = new Lane(parts, witness);
    await witness.subscribe(undefined);
    lane.#position = await lane.#post();
    await lane.#connect();
    return lane;
  }

  async race(): Promise<void> {
    const { creator, member, channelId, findings } = this.parts;
    const isConnecting = Math.random() < connectingShare;
    if (isConnecting) this.#member?.drop();
    const [posted, removed] = await Promise.all([
      startIn(this.#handicapMs).then(() => this.#post()),
      startIn(-this.#handicapMs).then(() => creator.directory.removeMember({ channelId, userId: member.id })),
      isConnecting ? startIn(0).then(() => this.#connect()) : undefined,
    ]);
    const removal = positionOf(removed);
    const isBefore = posted.seq < removal.seq;
    this.#handicapMs += isBefore ? handicapMsStep : -handicapMsStep;
    if (isBefore) findings.before++;
    else findings.after++;
    if (isConnecting) findings.connecting++;
    await this.#arrived(this.witness, await this.#post());
    await this.#member?.settle();
    this.#look(removal, isConnecting);
    await this.#tryToGetMore();
    await this.#joinAgain(removal);
  }

  close(): void {
    this.#member?.drop();
    this.witness.drop();
  }

  /** What came up to now must end at the removal. */
  #look(removal: Position, wasConnecting: boolean): void {
    const { findings } = this.parts;
    const { seqs = [], isTold = false } = this.#member ?? {};
    const { leaks, missing, disorder } = compare(seqs, this.#position.seq, removal.seq);
    findings.leaks += leaks;
    findings.disorder += disorder;
    // Who was connecting may have been refused already, and then got nothing.
    if (wasConnecting && seqs.length === 0) return;
    findings.missing += missing;
    if (!isTold) findings.untold++;
  }

  /** Asks for more on the old connection, on a new one, and by pages. */
  async #tryToGetMore(): Promise<void> {
    const { findings, isPrivate } = this.parts;
    const old = this.#member;
    const before = old?.seqs.length ?? 0;
    if ((await old?.subscribe(this.#position)) !== "not_in_channel") findings.unrefused++;
    await old?.settle();
    findings.leaks += (old?.seqs.length ?? 0) - before;
    old?.drop();
    if ((await this.#connect()) !== "not_in_channel") findings.unrefused++;
    await this.#member?.settle();
    findings.leaks += this.#member?.seqs.length ?? 0;
    if (isPrivate) findings.leaks += await this.#readable();
  }

  /** How much of the channel the member can read by pages. */
  async #readable(): Promise<number> {
    const { member, channelId, findings } = this.parts;
    const refuse = (error: unknown) => {
      if (!(error instanceof ConfabError && error.code === "not_in_channel")) findings.unrefused++;
      return 0;
    };
    const { messaging } = member.api;
    const events = messaging.listEvents({ channelId, afterSeq: 0, limit: 1000 });
    const messages = messaging.listMessages({ channelId, beforeSeq: 0, limit: 1000 });
    const counts = await Promise.all([
      events.then((page) => page.events.length, refuse),
      messages.then((page) => page.messages.length, refuse),
    ]);
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Joined again, the member gets everything behind its removal: it may read all of it now. */
  async #joinAgain(removal: Position): Promise<void> {
    const { creator, member, channelId, findings } = this.parts;
    await creator.directory.inviteMembers({ channelId, userIds: [member.id] });
    this.#position = removal;
    const refusal = await this.#member?.subscribe(removal);
    if (refusal !== undefined) throw new Error(`who joined again was refused: ${refusal}`);
    const last = await this.#post();
    if (this.#member) await this.#arrived(this.#member, last);
    const { missing, disorder } = compare(this.#member?.seqs ?? [], removal.seq, last.seq);
    findings.missing += missing;
    findings.disorder += disorder;
    if (missing === 0) findings.rejoined++;
    this.#position = last;
    this.#member?.seqs.splice(0);
  }

  /** Connects and asks for what is behind the member's position; resolves with the refusal, if any. */
  async #connect(): Promise<string | undefined> {
    const { server, member, channelId } = this.parts;
    this.#member = await MemberSocket.open({ ...server, token: member.token }, channelId);
    return this.#member.subscribe(this.#position);
  }

  async #post(): Promise<Position> {
    const { poster, channelId } = this.parts;
    const clientMsgId = `${channelId}-${++this.#number}`;
    const message = { text: clientMsgId, clientMsgId, parentId: 0, broadcast: false };
    return positionOf(await poster.api.messaging.postMessage({ channelId, message, firstAttempt: true }));
  }

  async #arrived({ seqs }: MemberSocket, { seq }: Position): Promise<void> {
    const giveUp = performance.now() + arrivalMsMax;
    while ((seqs.at(-1) ?? 0) < seq && performance.now() < giveUp) await wait(pollMs);
  }
}

/** Waits so long, and a little more or less at random. */
function startIn(ms: number): Promise<void> {
  return wait(Math.max(0, ms) + Math.random() * jitterMsMax);
}

function positionOf({ position }: { position?: Position | undefined }): Position {
  if (!position) throw new Error("an answer without a position");
  return position;
}
