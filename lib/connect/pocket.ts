import type { WorkspaceId } from "../ids/ids.js";
import { hash32 } from "../ring/slot.js";
import type { Gateway } from "./gateways.js";

/**
 * The gateways of a workspace: its best by rendezvous hashing (Thaler and Ravishankar, "Using name-based
 * mappings to increase hit rates", 1998). A gateway that comes or goes changes the pockets of no more than
 * its share of workspaces.
 */
export function pocketOf(workspace: WorkspaceId, gateways: readonly Gateway[], size: number): Gateway[] {
  const scored = gateways.map((gateway) => ({ gateway, score: hash32(`${workspace} ${gateway.id}`) }));
  scored.sort((one, other) => other.score - one.score || (one.gateway.id < other.gateway.id ? -1 : 1));
  return scored.slice(0, size).map(({ gateway }) => gateway);
}
