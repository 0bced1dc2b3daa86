import type { Coordinator } from "../coordination/coordinator.js";
import type { Epoch } from "../ids/ids.js";
import { epochKey } from "./keys.js";

/** Sees to it that every epoch drawn from now on is above this one. */
export async function raiseEpoch(coordinator: Coordinator, above: Epoch): Promise<void> {
  for (;;) {
    const [entry] = (await coordinator.read(epochKey)).filter(({ key }) => key === epochKey);
    if (entry && Number(entry.value) >= above) return;
    const when = [{ key: epochKey, revision: entry?.revision ?? 0 }];
    const committed = await coordinator.transact({ when, put: [{ key: epochKey, value: String(above) }] });
    if (committed !== undefined) return;
  }
}
