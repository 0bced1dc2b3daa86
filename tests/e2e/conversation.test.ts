import assert from "node:assert/strict";
import { ConversationType, Event } from "../../gen/confab/v1/types.js";
import type { ChannelId } from "../../lib/ids/ids.js";
import type { LogStore } from "../../lib/store/log-store.js";
import { type Api, readLog } from "../../tools/checks/api.js";
import type { HistoryRecord, SeenEvent } from "../history/records.js";
import { verify } from "../history/verifier.js";
import { seen } from "../sim/workload/recorder.js";
import { Follower } from "./follower.js";
import { HistoryWriter } from "./history-writer.js";
import { RecordedCaller, type Words } from "./recorded-caller.js";
import { useMesh } from "./target/use-mesh.js";

const start = { seq: 0, id: 0 };
const words = (...ids: string[]): Words[] => ids.map((id) => ({ id, text: `text of ${id}` }));
const seqs = (places: readonly unknown[]) =>
  places.map((place) => (typeof place === "object" && place && "seq" in place ? place.seq : place));

describe("a conversation, end to end", () => {
  const mesh = useMesh();
  const history = new HistoryWriter();
  let api: Api;
  let channel: ChannelId;
  let caller: RecordedCaller;
  let newest = 0;
  let connections = 0;
  let following: Follower[] = [];

  before(async () => {
    api = mesh.api(mesh.ada.token);
    const wish = { name: "talk", type: ConversationType.CONVERSATION_TYPE_PUBLIC, topic: "" };
    const { conversation } = await api.directory.createConversation(wish);
    channel = conversation?.id as ChannelId;
    newest = (await readLog(api, channel)).length;
    caller = new RecordedCaller(api, mesh.ada, channel, history);
  });

  async function follow(from?: { seq: number; id: number }): Promise<Follower> {
    const socket = await mesh.socket(mesh.ada.token);
    const follower = new Follower(socket, `connection ${++connections}`, channel, history);
    await follower.follow(mesh.ada.id, from);
    following.push(follower);
    return follower;
  }

  it("is followed, posted to singly and in batches, left and taken up again without a loss", async () => {
    const [fromStart, fromNow] = [await follow(start), await follow()];
    await fromStart.reach(newest);
    assert.deepEqual(seqs([fromStart.position, fromNow.position]), [newest, newest]);

    for (const one of words("a", "b", "c")) assert.deepEqual(seqs([await caller.post(one)]), [++newest]);
    const batch = await caller.postAll(words("d", "e", "f", "g", "h"));
    assert.deepEqual(
      seqs(batch),
      [1, 2, 3, 4, 5].map((i) => newest + i),
    );
    newest += 5;
    for (const follower of [fromStart, fromNow]) await follower.reach(newest);

    const { position } = fromNow;
    fromNow.disconnect();
    following = [fromStart];
    await Promise.all(words("i", "j", "k", "l").map((one) => caller.post(one)));
    newest += 4;
    await follow(position);
    for (const follower of following) await follower.reach(newest);
  });

  it("holds each message once, however often it is sent", async () => {
    const log = await readLog(api, channel);
    const place = (id: string) => log.map(seen).find((event) => event.clientMsgId === id);
    const [a] = words("a");
    const again = await Promise.all([caller.post(a!), caller.post(a!), caller.post(a!)]);
    assert.deepEqual(seqs(again), Array(3).fill(place("a")?.seq));

    const fresh = await Promise.all([...words("m", "m"), ...words("m")].map((one) => caller.post(one)));
    assert.deepEqual(seqs(fresh), Array(3).fill(++newest));
    const mixed = await caller.postAll([...words("d", "n", "n"), { id: "a", text: "another text" }]);
    assert.deepEqual(seqs(mixed), [place("d")?.seq, newest + 1, newest + 1, "client_msg_id_reused"]);
    newest++;
    assert.equal(await caller.post({ id: "n", text: "another text" }), "client_msg_id_reused");
    assert.equal((await readLog(api, channel)).length, newest);
  });

  it("is read in pages up and down, and they agree", async () => {
    const up: Event[] = [];
    while (up.length < newest) up.push(...(await caller.read(up.length, 4)));
    assert.deepEqual(up, await readLog(api, channel));
    const texts: string[] = [];
    for (let beforeSeq = 0, first = true; first || beforeSeq > 0; first = false) {
      const page = await api.messaging.listMessages({ channelId: channel, beforeSeq, limit: 3 });
      texts.push(...page.messages.map(({ text }) => text));
      beforeSeq = page.nextBeforeSeq;
    }
    const expected = words(..."abcdefghijklmn").map(({ text }) => text);
    assert.deepEqual([...texts].sort(), expected);
    const posted = up.flatMap(({ kind }) => (kind?.$case === "messagePosted" ? [kind.value.text] : []));
    assert.deepEqual(texts, posted.reverse());
  });

  it("leaves a history that breaks no promise, and would if anything were missing from it", async () => {
    await follow(start);
    for (const follower of following) await follower.reach(newest);
    history.note({ type: "quiet" });
    history.note({ type: "finalLog", channel, events: (await readLog(api, channel)).map(seen) });
    const rows = await mesh.withStore((store) => storedRows(store, channel));
    history.note({ type: "stored", moment: "end", channel, rows });

    const { records } = history;
    const verdict = verify(records);
    assert.deepEqual(verdict.violations, []);
    assert.deepEqual(verdict.broken, {});
    assert.equal(verdict.duplicates, 0);
    assert.ok((verdict.records.deliver ?? 0) > 3 * (newest - 4), JSON.stringify(verdict.records));
    assert.match(brokenWithout(records, "deliver"), /G3/);
    assert.match(brokenWithout(records, "finalLog"), /G1/);
  });
});

/** What the store holds of a channel, read as no service reads it. */
async function storedRows(store: LogStore, channel: ChannelId): Promise<SeenEvent[]> {
  const rows: SeenEvent[] = [];
  for (const { bucket } of await store.readBuckets(channel)) {
    const whole = { from: 1, to: Number.MAX_SAFE_INTEGER, limit: 1000, bytesEnough: 1e9 };
    const range = { channel, bucket, ...whole, downward: false };
    rows.push(...(await store.readRows(range)).map(({ event }) => seen(Event.decode(event))));
  }
  return rows;
}

/** The promises that a history breaks without the last record of a type. */
function brokenWithout(records: readonly HistoryRecord[], type: HistoryRecord["type"]): string {
  const last = records.findLast((record) => record.type === type);
  const left = records.filter((record) => record !== last);
  return Object.keys(verify(left).broken).join();
}
