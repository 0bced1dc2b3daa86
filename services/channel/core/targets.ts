import type { Command } from "../../../gen/confab/mesh/v1/write.js";
import type { Event } from "../../../gen/confab/v1/types.js";
import type { EventId } from "../../../lib/ids/ids.js";
import { Annotations, type Cell, cellOf } from "./annotations.js";
import type { ChannelState } from "./channel-state.js";
import type { Waiting } from "./command-queue.js";
import type { Outside } from "./store-work.js";
import { type Target, targetOf, textMark } from "./target.js";

/** Wait before a failed look-up is tried again, in ms. */
const retryMs = 50;
/** Most messages that are remembered; more than there are look-ups at a time. */
const targetsMax = 1024;

/** A message being looked for, or what came of it. */
interface Entry {
  /** All values of events since the look-up began; those before it come from the store. */
  readonly annotations: Annotations;
  state: "loading" | "known";
  target: Target | undefined;
}

/** Finds the messages that commands are about, and keeps up with what is put on them. */
export class Targets {
  readonly #entries = new Map<EventId, Entry>();
  #closed = false;

  /** @param unprojected the values of confirmed events that the store may not have yet */
  constructor(
    private readonly state: ChannelState,
    private readonly outside: Outside,
    private readonly unprojected: (messageId: EventId) => Cell[],
  ) {}

  /** Whether the command cannot have its turn before its message was looked for. */
  isNeeded(command: Command): boolean {
    const id = targetIdOf(command);
    return id > 0 && id <= this.state.tail.id && this.#entries.get(id)?.state !== "known";
  }

  /** Starts the look-ups that these commands need; calls back after each. */
  start(waiting: readonly Waiting[], done: (now: number) => void): void {
    for (const { command } of waiting) {
      const id = targetIdOf(command);
      if (this.isNeeded(command) && !this.#entries.has(id)) this.#load(id, done);
    }
  }

  /** The message of this id, once no look-up for it is needed. */
  find(id: EventId): Target | undefined {
    return this.#entries.get(id)?.target;
  }

  /** Takes in a confirmed event. */
  apply(event: Event): void {
    const write = cellOf(event);
    const entry = write && this.#entries.get(write.messageId);
    if (!entry) return;
    entry.annotations.merge(write.cell);
    if (write.cell.kind === "deletion" && entry.target)
      entry.target = { ...entry.target, textMark: textMark("") };
  }

  close(): void {
    this.#closed = true;
  }

  #load(id: EventId, done: (now: number) => void): void {
    const annotations = new Annotations(this.unprojected(id));
    const entry: Entry = { annotations, state: "loading", target: undefined };
    this.#entries.set(id, entry);
    const { segments, tail, recent } = this.state;
    const wish = { segments: [...segments], tail, id, event: recent.find(id) };
    this.outside.store.findMessage(this.state.id, wish, (outcome, now) => {
      if (this.#closed) return;
      if ("failure" in outcome) {
        this.outside.later(retryMs, () => !this.#closed && this.#load(id, done));
        return;
      }
      for (const cell of outcome.value?.cells ?? []) annotations.merge(cell);
      entry.target = outcome.value && targetOf(outcome.value.event, annotations);
      entry.state = "known";
      this.#evict();
      done(now);
    });
  }

  #evict(): void {
    for (const [id, { state }] of this.#entries) {
      if (this.#entries.size <= targetsMax) break;
      if (state === "known") this.#entries.delete(id);
    }
  }
}

/** The message that a command is about; 0 for none. */
function targetIdOf({ action }: Command): EventId {
  switch (action?.$case) {
    case "post":
      return action.value.parentId;
    case "edit":
    case "delete":
    case "react":
    case "unreact":
    case "pin":
    case "unpin":
      return action.value.messageId;
    default:
      return 0;
  }
}
