import assert from "node:assert/strict";
import { z } from "zod";
import { ConfigError, readConfig, readTogether } from "../config/config.js";
import { adminAddressesVariable, memberIdVariable } from "./config.js";

const schema = z.object({ adminAddresses: adminAddressesVariable, memberId: memberIdVariable });
const addresses = (text: string) =>
  readConfig(schema, { CONFAB_ADMIN_ADDRESSES: text, CONFAB_MEMBER_ID: "a" }).adminAddresses;

describe("variables of services", () => {
  it("name admins by one address, several IP addresses or one name of several", () => {
    for (const one of ["admin:1", "127.0.0.1:1", "[::1]:1", "dns:///admin.mesh.svc:1"]) {
      assert.deepEqual(addresses(one), [one]);
    }
    assert.deepEqual(addresses("127.0.0.1:1, 127.0.0.2:1"), ["127.0.0.1:1", "127.0.0.2:1"]);
    assert.deepEqual(addresses("[::1]:1,[::2]:1"), ["[::1]:1", "[::2]:1"]);
  });

  it("do not name admins in ways that nobody understands", () => {
    for (const text of ["a:1,b:2", "127.0.0.1:1,[::1]:1", "127.0.0.1:1,dns:///a:1", "http://a:1", ",", "a"]) {
      assert.throws(() => addresses(text), /CONFAB_ADMIN_ADDRESSES/, text);
    }
  });

  it("name a member so that its key is no other's", () => {
    for (const text of ["a/b", "", "a b", "x".repeat(101)]) {
      assert.throws(() => readConfig(schema, { CONFAB_MEMBER_ID: text }), /CONFAB_MEMBER_ID/, text);
    }
  });

  it("name files, of which all faults are told at once", async () => {
    const fault = (name: string) => Promise.reject(new ConfigError([name]));
    assert.deepEqual(await readTogether(Promise.resolve(1), Promise.resolve("b")), [1, "b"]);
    await assert.rejects(
      readTogether(fault("b"), Promise.resolve(1), fault("a")),
      (error: ConfigError) => error instanceof ConfigError && error.faults.join() === "a,b",
    );
    await assert.rejects(readTogether(fault("b"), Promise.reject(new TypeError("bug"))), /bug/);
  });
});
