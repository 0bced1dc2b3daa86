import type { NewMessage } from "../../gen/confab/v1/messaging.js";
import type { Event, Position } from "../../gen/confab/v1/types.js";
import { systemClock } from "../../lib/clock/system-clock.js";
import { ConfabError } from "../../lib/errors/errors.js";
import type { Api } from "../../tools/checks/api.js";
import { seen } from "../sim/workload/recorder.js";
import type { HistoryWriter } from "./history-writer.js";
import type { TestUser } from "./target/sign-up.js";

/** What a caller said under which id. */
export interface Words {
  readonly id: string;
  readonly text: string;
}

/** Calls the API in the name of a user and takes down what was asked and answered. */
export class RecordedCaller {
  #calls = 0;

  constructor(
    private readonly api: Api,
    private readonly user: TestUser,
    private readonly channelId: string,
    private readonly history: HistoryWriter,
  ) {}

  /** Posts one message; resolves with its place, or the name of the error. */
  async post(words: Words): Promise<Position | string> {
    const call = this.#begin(words);
    const { channelId } = this;
    const request = { channelId, message: messageOf(words), firstAttempt: false };
    try {
      const { position } = await this.api.messaging.postMessage(request);
      return this.#ended(call, position);
    } catch (error) {
      if (!(error instanceof ConfabError)) throw error;
      return this.#refused(call, error.code);
    }
  }

  /** Posts several in one call. */
  async postAll(all: readonly Words[]): Promise<(Position | string)[]> {
    const calls = all.map((words) => this.#begin(words));
    const request = { channelId: this.channelId, messages: all.map(messageOf), firstAttempt: false };
    const { results } = await this.api.messaging.postMessages(request);
    return calls.map((call, i) => {
      const result = results[i]?.result;
      if (result?.$case === "problem") return this.#refused(call, result.value.code);
      return this.#ended(call, result?.value);
    });
  }

  /** A page of events above `from`. */
  async read(from: number, limit: number): Promise<Event[]> {
    const begun = systemClock.now();
    const { channelId: channel, user } = this;
    const page = await this.api.messaging.listEvents({ channelId: channel, afterSeq: from, limit });
    const events = page.events.map(seen);
    const asked = { begun, reader: user.id, channel, downward: false, from, limit };
    this.history.note({ type: "read", ...asked, newest: page.newest?.seq ?? 0, events });
    return page.events;
  }

  #begin({ id, text }: Words): string {
    const call = `${this.user.id}-${++this.#calls}`;
    const post = { call, channel: this.channelId, author: this.user.id, clientMsgId: id, body: text };
    this.history.note({ type: "post", ...post, attempt: 1 });
    return call;
  }

  #ended(call: string, position: Position | undefined): Position {
    if (!position) throw new Error("an OK without a position");
    this.history.note({ type: "answer", call, outcome: "ok", ...position });
    return position;
  }

  #refused(call: string, code: string): string {
    this.history.note({ type: "answer", call, outcome: "refused", code });
    return code;
  }
}

function messageOf({ id, text }: Words): NewMessage {
  return { text, clientMsgId: id, parentId: 0, broadcast: false };
}
