import type { Coordinator } from "../coordination/coordinator.js";
import { makeId } from "../ids/ids.js";
import { generationKey } from "./keys.js";

/**
 * Which data the coordinator has: a name that is made with them. Data that were lost and begun anew have
 * another one, and so have data that were restored from a backup by somebody who then removed the key.
 */
export async function readGeneration(
  coordinator: Pick<Coordinator, "read" | "transact">,
  random: () => number,
): Promise<string> {
  for (;;) {
    const entry = (await coordinator.read(generationKey)).find(({ key }) => key === generationKey);
    if (entry) return entry.value;
    const put = [{ key: generationKey, value: makeId("B", random).slice(1) }];
    await coordinator.transact({ when: [{ key: generationKey, revision: 0 }], put });
  }
}
