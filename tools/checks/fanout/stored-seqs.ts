import { join } from "node:path";
import Database from "libsql";
import { z } from "zod";

const rowSchema = z.object({ seq: z.number() }).optional();

/**
 * What the server's database holds, seen over a second connection. Asked in the turn in which a frame
 * arrived, a "no" proves that the event was sent before it was stored; a "yes" may only have become true
 * meanwhile.
 */
export class StoredSeqs {
  readonly #database: Database.Database;
  readonly #newest: Database.Statement<[string]>;
  readonly #seen = new Map<string, number>();

  constructor(folder: string) {
    this.#database = new Database(join(folder, "confab.db"), { readonly: true });
    this.#newest = this.#database.prepare(
      "SELECT seq FROM log WHERE channel_id = ? ORDER BY bucket DESC, seq DESC LIMIT 1",
    );
  }

  /** Whether the channel's log reaches this `seq`; read anew only if it did not when last read. */
  reaches(channelId: string, seq: number): boolean {
    if ((this.#seen.get(channelId) ?? 0) >= seq) return true;
    const newest = rowSchema.parse(this.#newest.get(channelId))?.seq ?? 0;
    this.#seen.set(channelId, newest);
    return newest >= seq;
  }

  close(): void {
    this.#database.close();
  }
}
