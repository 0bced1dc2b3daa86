import { type Client, ConfabError, isRetryable } from "../../sdk/node.js";

/** Names of users, each asked for once. */
export class People {
  readonly #names = new Map<string, Promise<string>>();

  constructor(private readonly client: Client) {}

  /** The user's handle; the id if it cannot be found out. */
  name(userId: string): Promise<string> {
    const known = this.#names.get(userId);
    if (known) return known;
    const asked = this.#ask(userId);
    this.#names.set(userId, asked);
    return asked;
  }

  async #ask(userId: string): Promise<string> {
    try {
      const { user } = await this.client.directory.getUser({ userId });
      return user?.name || userId;
    } catch (error) {
      if (!(error instanceof ConfabError)) throw error;
      if (isRetryable(error)) this.#names.delete(userId);
      return userId;
    }
  }
}
