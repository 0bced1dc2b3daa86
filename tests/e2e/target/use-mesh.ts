import { findComponent } from "../../../tools/components/find.js";
import { needs } from "../../needs.js";
import { TestMesh } from "../test-mesh.js";
import { LocalTarget } from "./local-target.js";
import { MeshTarget, SharedMesh } from "./mesh-target.js";
import type { TargetName } from "./target.js";

const startMsMax = 300_000;
const endMsMax = 60_000;
const componentsOfMesh = ["etcd", "cassandra", "envoy"] as const;

/** What this run of the tests is against: the all-in-one server unless the runner says otherwise. */
export const targetName: TargetName = process.env.TEST_TARGET === "mesh" ? "mesh" : "local";

const shared = new SharedMesh();

/** Ends with the whole run what was started for the first suite that wanted it. */
after("ends the mesh", async function () {
  this.timeout(endMsMax);
  await shared.close();
});

/**
 * A mesh for the tests of a `describe`, with users of its own: started before them and ended behind them.
 * One whose services are processes of their own takes long to start, so that all suites share it; without
 * its components they are skipped.
 */
export function useMesh(): TestMesh {
  const isMesh = targetName === "mesh";
  const mesh = new TestMesh(isMesh ? new MeshTarget(shared) : new LocalTarget());
  if (isMesh) {
    const command = `npm run components -- get ${componentsOfMesh.join(" ")}`;
    const isThere = () => componentsOfMesh.every((name) => findComponent(name) !== undefined);
    needs("what a mesh consists of", command, isThere);
  }
  before("starts what is tested", async function () {
    this.timeout(startMsMax);
    await mesh.start();
  });
  after("ends what was tested", async function () {
    this.timeout(endMsMax);
    await mesh.close();
  });
  return mesh;
}
