import assert from "node:assert/strict";
import { type Api, connect, createChannels, readLog } from "../../tools/checks/api.js";
import { LocalServer, type Ready } from "../../tools/checks/local-server.js";
import { EtcdServer } from "../../tools/components/etcd/server.js";
import { dataFolder, freshPrefix, needsEtcd, openEtcd } from "./etcd-stage.js";

describe("the local server on etcd", function () {
  this.timeout(60_000);
  needsEtcd();
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let etcd: EtcdServer;
  let server: LocalServer;
  let prefix: string;
  const apis: Api[] = [];
  before(async () => {
    folder = await dataFolder();
    etcd = await EtcdServer.alone(folder.path);
    await etcd.start();
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
    assert.deepEqual(await registered(), former, "the leases of the killed server had ended already");
    const began = performance.now();
    const ready = await server.start();
    const after = apiOf(ready);
    await post(after, channel!, "after");
    const tookMs = performance.now() - began;
    const now = await registered();
    assert(now.length === former.length && now.every((value) => !former.includes(value)), now.join("\n"));
    assert(
      now.some((value) => value.includes(ready.ws)),
      "clients would be sent elsewhere",
    );
    assert.deepEqual(await texts(after, channel!), ["before", "after"]);
    assert(tookMs < 10_000, `was back after ${tookMs} ms`);
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

  /** What servers, gateways and charm keep there under leases. */
  async function registered(): Promise<string[]> {
    const coordinator = openEtcd([etcd.url], { prefix });
    const lists = await Promise.all(
      ["members/", "gateways/", "leader/"].map((below) => coordinator.read(below)),
    );
    await coordinator.close();
    return lists.flat().map(({ value }) => value);
  }
});
