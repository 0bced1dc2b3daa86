import assert from "node:assert/strict";
import { changes } from "./checkout.js";

describe("changes of the checkout", () => {
  it("are none between equal states, clean or not", () => {
    assert.deepEqual(changes("", ""), []);
    assert.deepEqual(changes(" M a.ts\n?? b.ts\n", " M a.ts\n?? b.ts\n"), []);
  });

  it("are what came and what went", () => {
    assert.deepEqual(changes(" M a.ts\n", "?? b.ts\n"), ["?? b.ts", " M a.ts"]);
  });
});
