import { parseAddress } from "../../lib/config/values.js";
import type { CassandraOptions } from "../../lib/store/cassandra/open-cassandra-store.js";
import { localDatacenter } from "../components/cassandra/server.js";
import type { MeshRequest } from "../mesh/make-settings.js";
import { MeshStage } from "../mesh/mesh-stage.js";
import type { Room } from "./room.js";
import type { Server } from "./server.js";

/** As few processes as show what more than one of a service does. */
export const smallCounts = { etcds: 1, charms: 1, channels: 2, admins: 2, gateways: 2, webs: 1 } as const;

/** A mesh of processes of its own, and where it is reached. */
export interface StartedMesh {
  readonly stage: MeshStage;
  readonly server: Server;
}

/** Starts a small mesh, unless another is asked for; it is ended with the room. */
export async function startMesh(
  { defer }: Pick<Room, "defer">,
  request: MeshRequest = {},
): Promise<StartedMesh> {
  const stage = new MeshStage();
  defer(() => stage.close());
  return { stage, server: await stage.start({ counts: smallCounts, ...request }) };
}

/** Where the store of a started mesh is. */
export function storeOf(stage: MeshStage): CassandraOptions {
  const cassandra = stage.status().find(({ name }) => name === "cassandra");
  const address = parseAddress(cassandra?.addresses.clients ?? "");
  if (!address) throw new Error("the mesh has no Cassandra of its own");
  return { contactPoints: [address], localDatacenter, keyspace: "confab", allowDataLoss: true };
}
