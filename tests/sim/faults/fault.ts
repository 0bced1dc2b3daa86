import type { Mesh } from "../mesh/mesh.js";
import type { Random } from "../random.js";

/** Something that goes wrong; it sees to its own end. */
export interface Fault {
  readonly name: string;
  /** How often it is picked in relation to the others. */
  readonly weight: number;
  strike(mesh: Mesh, random: Random): void;
}
