import type { World } from "../world.js";
import type { Api } from "./api.js";
import type { Recorder } from "./recorder.js";

/** What everybody who takes part in a run works with. */
export interface Stage {
  readonly world: World;
  readonly recorder: Recorder;
  readonly api: Pick<Api, "ask">;
  /** Whether faults may still come: until then nobody need insist. */
  faultsGoOn: boolean;
}
