import { TestMesh } from "../test-mesh.js";
import { LocalTarget } from "./local-target.js";
import type { Target, TargetName } from "./target.js";

const startMsMax = 300_000;

/** What this run of the tests is against; the all-in-one server unless the runner says otherwise. */
export const targetName: TargetName = process.env.TEST_TARGET === "mesh" ? "mesh" : "local";

/** A mesh for the tests of a `describe`, with users of its own: started before them and ended behind them. */
export function useMesh(): TestMesh {
  const mesh = new TestMesh(makeTarget());
  before("starts what is tested", async function () {
    this.timeout(startMsMax);
    await mesh.start();
  });
  after("ends what was tested", async function () {
    this.timeout(startMsMax);
    await mesh.close();
  });
  return mesh;
}

function makeTarget(): Target {
  return new LocalTarget();
}
