import assert from "node:assert/strict";
import type { IEvent, IKeyValue, IWatchResponse } from "etcd3";
import { Changes } from "./changes.js";
import { Keyspace } from "./keyspace.js";

describe("the changes of a watch", () => {
  const kv = (key: string, value: string, revision: number) =>
    ({
      key: Buffer.from(`mesh/${key}`),
      value: Buffer.from(value),
      mod_revision: String(revision),
    }) as IKeyValue;
  const put = (key: string, value: string, revision: number) =>
    ({ type: "Put", kv: kv(key, value, revision) }) as IEvent;
  const removal = (key: string, revision: number) =>
    ({ type: "Delete", kv: kv(key, "", revision) }) as IEvent;
  const response = (events: IEvent[], fragment = false) => ({ events, fragment }) as IWatchResponse;
  let changes: Changes;
  beforeEach(() => {
    changes = new Changes(new Keyspace("mesh/"));
  });

  it("are one for each revision of a response, in their order", () => {
    const events = [put("a", "1", 7), removal("b", 7), put("c", "1", 8), removal("a", 9)];
    assert.deepEqual(changes.add(response(events)), [
      { puts: [{ key: "a", value: "1", revision: 7 }], removed: ["b"] },
      { puts: [{ key: "c", value: "1", revision: 8 }], removed: [] },
      { puts: [], removed: ["a"] },
    ]);
    assert.deepEqual(changes.add(response([])), []);
  });

  it("wait until all fragments of a response are there", () => {
    assert.deepEqual(changes.add(response([put("a", "1", 7)], true)), []);
    assert.deepEqual(changes.add(response([put("b", "1", 7)], true)), []);
    assert.deepEqual(changes.add(response([removal("c", 7), put("a", "2", 8)])), [
      {
        puts: [
          { key: "a", value: "1", revision: 7 },
          { key: "b", value: "1", revision: 7 },
        ],
        removed: ["c"],
      },
      { puts: [{ key: "a", value: "2", revision: 8 }], removed: [] },
    ]);
  });
});
