import { Fenced } from "../log-store.js";
import { textValue } from "./columns.js";
import type { Requests } from "./requests.js";

/** Most fenced incarnations that are remembered here. */
const rememberedMax = 1000;

/** The table of incarnations that may not write any more. */
export class Fences {
  /** Fenced by this process, or found to be. */
  readonly #known = new Set<string>();

  constructor(
    private readonly requests: Requests,
    private readonly keyspace: string,
  ) {}

  /** From now on this process writes nothing for the incarnation, whatever becomes of the fence. */
  async fence(incarnation: string): Promise<void> {
    this.#remember(incarnation);
    const query = `INSERT INTO ${this.keyspace}.fenced (incarnation) VALUES (?)`;
    await this.requests.write("fence", [{ query, params: [textValue(incarnation)] }]);
  }

  /** One read at a quorum: it sees every fence that was at a quorum before it began. */
  async confirm(incarnation: string): Promise<void> {
    this.refuseKnown(incarnation);
    const query = `SELECT incarnation FROM ${this.keyspace}.fenced WHERE incarnation = ?`;
    const rows = await this.requests.all("confirm", { query, params: [textValue(incarnation)] });
    if (rows.length > 0) this.#remember(incarnation);
    this.refuseKnown(incarnation);
  }

  /** @throws {Fenced} if the incarnation is known to be fenced; only `confirm` knows that one is not. */
  refuseKnown(incarnation: string): void {
    if (this.#known.has(incarnation)) throw new Fenced(`incarnation ${incarnation} has been fenced`);
  }

  #remember(incarnation: string): void {
    this.#known.add(incarnation);
    for (const oldest of this.#known) {
      if (this.#known.size <= rememberedMax) break;
      this.#known.delete(oldest);
    }
  }
}
