import assert from "node:assert/strict";
import { ServerFrame } from "../../gen/confab/v1/realtime.js";
import { ConversationType, type Position } from "../../gen/confab/v1/types.js";
import type { TestSocket } from "../../services/gateway/tests/test-socket.js";
import { type Api, readLog } from "../../tools/checks/api.js";
import { useMesh } from "./target/use-mesh.js";

/** What came over a socket that follows everything, channel by channel. */
class AllFollower {
  readonly positions = new Map<string, Position>();
  readonly seqs = new Map<string, number[]>();
  readonly notices: string[] = [];

  constructor(private readonly socket: TestSocket) {}

  ask(positions: ReadonlyMap<string, Position> = new Map()): void {
    const channels = [...positions].map(([channelId, position]) => ({ channelId, position }));
    this.socket.send(JSON.stringify({ requestId: 1, subscribe: { all: true, channels } }));
  }

  /** Takes frames in until it is so. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) this.#take(ServerFrame.fromJSON(JSON.parse(await this.socket.next())));
  }

  async ready(): Promise<void> {
    await this.until(() => this.notices.includes("ready"));
  }

  has(channel: string, seq: number): boolean {
    return this.positions.get(channel)?.seq === seq;
  }

  end(): void {
    this.socket.end();
  }

  #take({ events, frame }: ServerFrame): void {
    for (const { channelId, event } of events) {
      const { seq, id } = event!;
      this.positions.set(channelId, { seq, id });
      this.seqs.set(channelId, [...(this.seqs.get(channelId) ?? []), seq]);
    }
    if (frame) this.notices.push(frame.$case);
    if (frame?.$case !== "subscribed") return;
    const { channelId, position = { seq: 0, id: 0 } } = frame.value;
    this.positions.set(channelId, position);
  }
}

describe("following everything, end to end", () => {
  const mesh = useMesh();
  let api: Api;
  let names = 0;

  before(async () => {
    api = mesh.api(mesh.ada.token);
  });

  const create = async () => {
    const type = ConversationType.CONVERSATION_TYPE_PRIVATE;
    const { conversation } = await api.directory.createConversation({
      name: `room-${++names}`,
      type,
      topic: "",
    });
    return conversation!.id;
  };
  const invite = (channelId: string) => api.directory.inviteMembers({ channelId, userIds: [mesh.bob.id] });
  const post = async (channelId: string) => {
    const message = { text: "hi", clientMsgId: "", parentId: 0, broadcast: false };
    const { position } = await api.messaging.postMessage({ channelId, message, firstAttempt: false });
    return position!.seq;
  };
  const follow = async () => new AllFollower(await mesh.socket(mesh.bob.token));

  it("brings old and new conversations, the new ones from the joining on, over connections", async () => {
    const [old, next, later] = [await create(), await create(), await create()];
    await invite(old);
    await post(next);
    const first = await follow();
    first.ask();
    await first.ready();
    assert.ok(first.positions.has(old) && first.positions.has(mesh.bob.id));
    assert.equal(first.notices.at(-1), "ready");

    await invite(next);
    const newest = await post(next);
    await first.until(() => first.has(next, newest));
    assert.deepEqual(first.seqs.get(next), [newest - 1, newest]);
    const events = await readLog(mesh.api(mesh.bob.token), mesh.bob.id);
    assert.deepEqual(
      events.map(
        ({ kind }) => kind?.$case === "membershipChanged" && kind.value.joined && kind.value.channelId,
      ),
      [old, next],
    );
    first.end();

    await post(later);
    await invite(later);
    const [last, more] = [await post(later), await post(next)];
    const second = await follow();
    second.ask(first.positions);
    await second.until(() => second.has(later, last) && second.has(next, more));
    assert.deepEqual(second.seqs.get(later), [last - 1, last]);
    assert.deepEqual(second.seqs.get(next), [more]);
    second.end();
  });

  it("ends with a membership, and begins again with the next", async () => {
    const room = await create();
    const bob = await follow();
    bob.ask();
    await bob.ready();
    await invite(room);
    await bob.until(() => bob.positions.has(room) && bob.seqs.has(room));
    await api.directory.removeMember({ channelId: room, userId: mesh.bob.id });
    await bob.until(() => bob.notices.includes("unsubscribed"));
    const unseen = await post(room);
    await invite(room);
    await bob.until(() => bob.has(room, unseen + 1));
    assert.ok(!bob.seqs.get(room)?.includes(unseen));
    bob.end();
  });

  it("is not for others: nobody gets another user's own channel", async () => {
    const socket = await mesh.socket(mesh.ada.token);
    const channels = [{ channelId: mesh.bob.id }];
    socket.send(JSON.stringify({ requestId: 1, subscribe: { channels } }));
    const { frame } = ServerFrame.fromJSON(JSON.parse(await socket.next()));
    assert.equal(frame?.$case === "error" && frame.value.problem?.code, "channel_not_found");
    socket.end();
  });
});
