import type { Clock } from "../clock/clock.js";
import { ConfabError } from "../errors/errors.js";
import type { DirectoryStore } from "../store/directory-store.js";
import type { Caller } from "./caller.js";
import { hashToken, isTokenShaped } from "./token.js";

/**
 * For how long a token is believed without asking the store again, and so how late a revocation may take
 * hold.
 */
const cacheTtlMs = 5000;
/** Most tokens that are remembered. */
const cachedTokensMax = 10_000;

interface Remembered {
  readonly caller: Promise<Caller>;
  readonly sinceMs: number;
}

/** Tells who is behind a token. */
export class Authenticator {
  /** By hash, the oldest first. Only lookups under way and tokens that are good. */
  readonly #remembered = new Map<string, Remembered>();

  constructor(
    private readonly directory: Pick<DirectoryStore, "findToken" | "findUser">,
    private readonly clock: Clock,
    private readonly options = { cacheTtlMs, cachedTokensMax },
  ) {}

  /**
   * @throws ConfabError `invalid_auth` if the token is not known, was revoked, or its user was deactivated.
   */
  authenticate(token: string): Promise<Caller> {
    if (!isTokenShaped(token)) return Promise.reject(new ConfabError("invalid_auth"));
    const hash = hashToken(token);
    const known = this.#remembered.get(hash);
    if (known && this.#isFresh(known)) return known.caller;
    return this.#remember(hash);
  }

  #isFresh(entry: Remembered): boolean {
    const age = this.clock.now() - entry.sinceMs;
    // A clock that was set back must not lengthen anything.
    return age >= 0 && age < this.options.cacheTtlMs;
  }

  #remember(hash: string): Promise<Caller> {
    const entry = { caller: this.#lookUp(hash), sinceMs: this.clock.now() };
    this.#remembered.delete(hash);
    this.#remembered.set(hash, entry);
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= this.options.cachedTokensMax) break;
      this.#remembered.delete(oldest);
    }
    entry.caller.catch(() => {
      if (this.#remembered.get(hash) === entry) this.#remembered.delete(hash);
    });
    return entry.caller;
  }

  async #lookUp(hash: string): Promise<Caller> {
    const row = await this.directory.findToken(hash);
    if (!row || row.revoked) throw new ConfabError("invalid_auth");
    const user = await this.directory.findUser(row.userId);
    if (!user || user.deactivated) throw new ConfabError("invalid_auth");
    return { userId: row.userId, workspaceId: row.workspaceId, tokenId: row.id };
  }
}
