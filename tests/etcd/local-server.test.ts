import assert from "node:assert/strict";
import { Etcd3 } from "etcd3";
import { type Api, connect, createChannels, readLog } from "../../tools/checks/api.js";
import { LocalServer, type Ready } from "../../tools/checks/local-server.js";
import { EtcdServer } from "../../tools/components/etcd/server.js";
import { dataFolder, freshPrefix, needsEtcd } from "./etcd-stage.js";

describe("the local server on etcd", function () {
  this.timeout(60_000);
  needsEtcd();
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let etcd: EtcdServer;
  let server: LocalServer;
  let prefix: string;
  let raw: Etcd3;
  const apis: Api[] = [];
  before(async () => {
    folder = await dataFolder();
    etcd = await EtcdServer.alone(folder.path);
    await etcd.start();
    raw = new Etcd3({ hosts: etcd.url });
  });
  beforeEach(() => {
    prefix = freshPrefix();
    const args = ["--coordinator", "etcd", "--etcd-endpoints", etcd.url, "--etcd-prefix", prefix];
    server = new LocalServer(`${folder.path}/${prefix}`, args);
  });
  afterEach(async () => {
    for (const api of apis.splice(0)) api.close();
    await server.close();
  });
  after(async () => {
    raw?.close();
    await etcd?.stop();
    await folder?.remove();
  });

  const apiOf = (ready: Ready) => {
    const api = connect(ready);
    apis.push(api);
    return api;
  };

  it("takes posts again after kill -9 without waiting for the leases of its former life", async () => {
    const before = apiOf(await server.start());
    const [channel] = await createChannels(before, 1);
    await post(before, channel!, "before");
    const former = await registered();
    await server.kill();
    const ready = await whileAlive(former, () => server.start());
    const after = apiOf(ready);
    await post(after, channel!, "after");
    const now = (await registered()).map(({ value }) => value);
    assert(now.length === former.length && former.every(({ value }) => !now.includes(value)), now.join("\n"));
    assert(
      now.some((value) => value.includes(ready.ws)),
      "clients would be sent elsewhere",
    );
    assert.deepEqual(await texts(after, channel!), ["before", "after"]);
  });

  it("refuses to start beside another server of the same prefix, which goes on", async () => {
    const api = apiOf(await server.start());
    const [channel] = await createChannels(api, 1);
    const args = ["--coordinator", "etcd", "--etcd-endpoints", etcd.url, "--etcd-prefix", prefix];
    const second = new LocalServer(`${folder.path}/${prefix}-second`, args);
    const former = await registered();
    await assert.rejects(second.start(), /another server, process \d+ on .*, runs under the prefix/);
    await second.close();
    assert.deepEqual(await registered(), former);
    await post(api, channel!, "still here");
  });

  it("says what is wrong when there is no etcd", async () => {
    const nowhere = new LocalServer(folder.path, [
      "--coordinator",
      "etcd",
      "--etcd-endpoints",
      "http://127.0.0.1:1",
    ]);
    await assert.rejects(nowhere.start(), /cannot use etcd at http:\/\/127\.0\.0\.1:1: etcd: /);
    await nowhere.close();
  });

  const post = (api: Api, channelId: string, text: string) =>
    api.messaging.postMessages({
      channelId,
      messages: [{ text, clientMsgId: text, parentId: 0, broadcast: false }],
      firstAttempt: false,
    });

  async function texts(api: Api, channelId: string): Promise<string[]> {
    const events = await readLog(api, channelId);
    return events.flatMap(({ kind }) => (kind?.$case === "messagePosted" ? [kind.value.text] : []));
  }

  /** What the process, its servers, gateways and charm keep there, with the leases under which they do. */
  async function registered(): Promise<{ value: string; lease: string }[]> {
    const lists = await Promise.all(
      ["members/", "gateways/", "leader/", "local"].map((below) =>
        raw
          .getAll()
          .prefix(prefix + below)
          .exec(),
      ),
    );
    return lists.flatMap(({ kvs }) => kvs.map(({ value, lease }) => ({ value: value.toString(), lease })));
  }

  /** Does something while the leases are kept from ending, so that whoever waits for that waits in vain. */
  async function whileAlive<Result>(
    kept: readonly { lease: string }[],
    act: () => Promise<Result>,
  ): Promise<Result> {
    const stream = await raw.leaseClient.leaseKeepAlive();
    const timer = setInterval(() => {
      for (const { lease } of kept) stream.write({ ID: lease });
    }, 500);
    try {
      return await act();
    } finally {
      clearInterval(timer);
      stream.end();
    }
  }
});
