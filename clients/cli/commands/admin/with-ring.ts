import type { Command } from "commander";
import type { Coordinator, Transaction } from "../../../../lib/coordination/coordinator.js";
import { openCoordinator } from "../../../../lib/coordination/open-coordinator.js";
import { type MeshRead, readMesh } from "../../../../lib/ring/read-mesh.js";
import { ConfabError } from "../../../sdk/node.js";
import { readCoordinatorConfig } from "../../config.js";
import type { CommonFlags, Context } from "../context.js";

/** Flags of commands about the ring. */
export interface RingFlags extends CommonFlags {
  readonly etcd?: string;
}

/** What a command about the ring works with. */
export interface RingWork {
  readonly mesh: MeshRead;
  readonly coordinator: Coordinator;
  readonly json: boolean;
  /** Writes, unless what was read has changed meanwhile. */
  write(transaction: Transaction): Promise<void>;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Reads the ring in etcd, and does something with it. */
export async function withRing(
  { clock, random }: Context,
  command: Command,
  work: (ring: RingWork) => Promise<void>,
): Promise<void> {
  const { etcd, json = false } = command.optsWithGlobals<RingFlags>();
  const coordinator = await openCoordinator(readCoordinatorConfig(etcd), { clock, random, log: silent });
  try {
    const mesh = await readMesh(coordinator);
    const write = async (transaction: Transaction) => {
      const revision = await coordinator.transact(transaction);
      if (revision === undefined)
        throw new ConfabError("unavailable", "", "it has just been changed; try again");
    };
    await work({ mesh, coordinator, json, write });
  } finally {
    await coordinator.close();
  }
}
