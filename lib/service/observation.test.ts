import assert from "node:assert/strict";
import { Observation } from "./observation.js";

describe("what is observed of a process", () => {
  let why: string | undefined | Error;
  let observation: Observation;
  let base: string;
  beforeEach(async () => {
    why = undefined;
    const whyNotReady = async () => {
      if (why instanceof Error) throw why;
      return why;
    };
    observation = new Observation({ metrics: async () => "confab_things 1\n", whyNotReady });
    const address = await observation.listen("127.0.0.1:0");
    assert.match(address, /^127\.0\.0\.1:[1-9]\d+$/);
    base = `http://${address}`;
  });
  afterEach(() => {
    observation.close();
    observation.close();
  });

  async function get(path: string, method = "GET"): Promise<[status: number, body: string]> {
    const answer = await fetch(base + path, { method });
    return [answer.status, (await answer.text()).trim()];
  }

  it("is that it is ready, or why not", async () => {
    assert.deepEqual(await get("/health/ready"), [200, '{"ok":true}']);
    why = "no etcd";
    assert.deepEqual(await get("/health/ready"), [503, '{"ok":false,"reason":"no etcd"}']);
    why = new Error("broken");
    assert.deepEqual(await get("/health/ready"), [500, '{"ok":false,"reason":"broken"}']);
  });

  it("is that it lives, ready or not", async () => {
    why = "no etcd";
    assert.deepEqual(await get("/health/live"), [200, '{"ok":true}']);
  });

  it("is its metrics", async () => {
    assert.deepEqual(await get("/metrics"), [200, "confab_things 1"]);
  });

  it("is nothing else", async () => {
    for (const path of ["/", "/metrics/", "/health"]) assert.equal((await get(path))[0], 404);
    assert.equal((await get("/metrics", "POST"))[0], 404);
  });

  it("is refused an address that another has, by name", async () => {
    const other = new Observation({ metrics: async () => "", whyNotReady: () => undefined });
    const taken = base.replace("http://", "");
    await assert.rejects(other.listen(taken), { code: "unavailable", message: /EADDRINUSE/ });
    other.close();
  });
});
