import assert from "node:assert/strict";
import type { Store } from "./store.js";
import { appendCases, keyCases } from "./suite/append-cases.js";
import { conversationCases, directoryCases, userCases } from "./suite/directory-cases.js";
import { eraseCases } from "./suite/erase-cases.js";
import { fenceCases } from "./suite/fence-cases.js";
import { memberCases } from "./suite/member-cases.js";
import { annotationCases, markCases, relatedCases } from "./suite/projection-cases.js";
import { readCases } from "./suite/read-cases.js";
import { rivalCases } from "./suite/rival-cases.js";
import {
  annotation,
  appendOf,
  conversationRow,
  firstEpoch,
  mark,
  newChannel,
  newName,
  newUser,
  newWorkspace,
  readAll,
  relatedRow,
  startUs,
  userRow,
} from "./suite/samples.js";

/** A store to test. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Closes the store and opens what it kept; absent if it keeps nothing. */
  reopen?(): Promise<Store>;
  close(): Promise<void>;
}

/**
 * What every store promises. The store may hold other rows: the cases use ids of their own.
 * @param isDurable what it holds outlives it, and it can be reopened
 */
export function storeSuite(name: string, open: () => Promise<StoreUnderTest>, isDurable: boolean): void {
  describe(name, () => {
    let tested: StoreUnderTest;
    let store: Store;
    before(async () => {
      tested = await open();
      store = tested.store;
    });
    after(() => tested?.close());

    for (const cases of [appendCases, keyCases, readCases, fenceCases, memberCases]) cases(() => store);
    for (const cases of [annotationCases, relatedCases, markCases, eraseCases]) cases(() => store);
    rivalCases(() => store);
    for (const cases of [directoryCases, userCases, conversationCases]) cases(() => store);

    if (isDurable) {
      it("keeps everything over a restart", async () => {
        const check = await fill(store);
        assert.ok(tested.reopen, "a durable store can be reopened");
        store = await tested.reopen();
        await check(store);
      });
    }

    it("closes twice", async () => {
      await Promise.all([store.close(), store.close()]);
      await store.close();
    });
  });
}

/** Writes something of everything. Returns what asserts that a store has it. */
async function fill(store: Store): Promise<(store: Store) => Promise<void>> {
  const append = appendOf(newChannel(), 1, 3);
  const entry = { epoch: firstEpoch, bucket: startUs, firstSeq: 1 };
  const member = { channel: append.channel, user: newUser(), seq: 3, id: startUs + 3, member: true };
  const workspace = { id: newWorkspace(), name: "kept" };
  const user = userRow(workspace.id, "kept");
  const conversation = conversationRow(workspace.id, "kept");
  const owner = { userId: user.id, workspaceId: workspace.id };
  const token = { hash: newName(), id: newName(), ...owner, label: "", revoked: true };
  const fenced = newName();
  const [note, relation] = [annotation(3), relatedRow(7)];
  const read = mark(9, { user: user.id });
  const erased = appendOf(newChannel(), 1, 1);
  const { channel, bucket, keys } = erased;
  const { author, clientMsgId } = keys[0]!;
  const place = { channel, bucket, seq: 1, author, clientMsgId };
  await store.append("one", erased);
  await Promise.all([
    ...[store.append("one", append), store.listBucket("one", append.channel, entry), store.fence(fenced)],
    store.enlist({ incarnation: fenced, generation: "kept" }),
    ...[store.projectMembers([member]), store.createWorkspace(workspace), store.createUser(user)],
    ...[store.createConversation(conversation), store.createToken(token)],
    ...[store.annotate([note]), store.relate([relation]), store.projectMarks([read])],
    store.erase([{ ...place, event: new Uint8Array(), written: startUs + 9 }]),
  ]);
  return async (kept) => {
    assert.deepEqual(await readAll(kept, append.channel), append.rows);
    const first = append.keys[0]!;
    const found = await kept.findKeys(append.channel, startUs, first.author, first.clientMsgId);
    assert.deepEqual(found, [first]);
    assert.deepEqual(await kept.readBuckets(append.channel), [entry]);
    assert.deepEqual(await kept.readMembers(append.channel), [member]);
    assert.deepEqual(await kept.readUserChannels(member.user), [member]);
    await assert.rejects(kept.confirm(fenced));
    const roster = await kept.readRoster();
    assert.equal(roster.find(({ incarnation }) => incarnation === fenced)?.generation, "kept");
    assert.deepEqual(await kept.readAnnotations({ ...note, from: 3, to: 3 }), [note]);
    assert.deepEqual(await kept.readRelated({ ...relation, after: 0, limit: 9, downward: false }), [
      relation,
    ]);
    assert.deepEqual(await kept.readMarks(read.user), [read]);
    await kept.append("one", erased);
    assert.deepEqual((await readAll(kept, channel))[0]?.event, new Uint8Array());
    assert.equal((await kept.findKeys(channel, bucket, author, clientMsgId))[0]?.bodyHash, "");
    assert.deepEqual(await kept.findWorkspace(workspace.id), workspace);
    assert.deepEqual(await kept.findUser(user.id), user);
    assert.deepEqual(await kept.findConversation(conversation.id), conversation);
    assert.deepEqual(await kept.findToken(token.hash), token);
  };
}
