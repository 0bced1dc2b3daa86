import type { ConfabError, SessionState } from "../../sdk/node.js";

/** Says once that the connection is lost, and once that there is another. */
export class ConnectionWords {
  #state: "beginning" | "following" | "lost" = "beginning";
  #failure: ConfabError | undefined;

  constructor(private readonly say: (words: string) => void) {}

  /** What went wrong last. */
  get failure(): ConfabError | undefined {
    return this.#failure;
  }

  /** The connection fares differently; `error` is why. */
  changed(state: SessionState, error?: ConfabError): void {
    this.#failure = error ?? this.#failure;
    if (state === "connected") {
      if (this.#state === "lost") this.say("confab: connected again");
      this.#state = "following";
    } else if (state === "waiting" && this.#state === "following") {
      this.#state = "lost";
      this.say(`confab: ${error?.message}; reconnecting`);
    }
  }
}
