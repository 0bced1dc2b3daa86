import type { Event } from "../../../gen/confab/v1/types.js";
import type { EventId } from "../../../lib/ids/ids.js";
import type { AnnotationRow } from "../../../lib/store/projection-store.js";

/** A value that an event put on a message: whose, which, and of which event. */
export type Cell = Pick<AnnotationRow, "kind" | "author" | "emoji" | "seq" | "id" | "value">;

/** Name of a cell among those of one message. */
type CellName = Pick<Cell, "kind" | "author" | "emoji">;

/** The value of a flag that is set; one that is not has an empty value. */
const on = "1";

/** The cell that an event writes, and the message that it writes it on; undefined for other events. */
export function cellOf(event: Event): { readonly messageId: EventId; readonly cell: Cell } | undefined {
  const { seq, id, kind } = event;
  switch (kind?.$case) {
    case "messageEdited":
    case "messageDeleted":
    case "reactionAdded":
    case "reactionRemoved":
    case "messagePinned":
    case "messageUnpinned":
      return { messageId: kind.value.messageId, cell: { ...nameOf(kind, event.author), ...{ seq, id } } };
    default:
      return undefined;
  }
}

type Annotating = Extract<NonNullable<Event["kind"]>, { readonly value: { readonly messageId: number } }>;

function nameOf(kind: Annotating, author: string): CellName & Pick<Cell, "value"> {
  switch (kind.$case) {
    case "messageEdited":
      return { kind: "edit", author: "", emoji: "", value: kind.value.text };
    case "messageDeleted":
      return { kind: "deletion", author: "", emoji: "", value: on };
    case "reactionAdded":
      return { kind: "reaction", author, emoji: kind.value.emoji, value: on };
    case "reactionRemoved":
      return { kind: "reaction", author, emoji: kind.value.emoji, value: "" };
    case "messagePinned":
      return { kind: "pin", author: "", emoji: "", value: on };
    case "messageUnpinned":
      return { kind: "pin", author: "", emoji: "", value: "" };
  }
}

/** Everything that was put on one message. Of two values for one cell the later event's stays. */
export class Annotations {
  readonly #cells = new Map<string, Cell>();

  constructor(cells: readonly Cell[] = []) {
    for (const cell of cells) this.merge(cell);
  }

  merge(cell: Cell): void {
    const name = cellKey(cell);
    const present = this.#cells.get(name);
    if (!present || cell.id > present.id) this.#cells.set(name, cell);
  }

  find(kind: Cell["kind"], author = "", emoji = ""): Cell | undefined {
    return this.#cells.get(cellKey({ kind, author, emoji }));
  }

  /** Where the message was deleted, if it was. */
  get deletion(): Cell | undefined {
    return this.find("deletion");
  }

  /** The reactions that are there, in the order in which they came. */
  reactions(): Cell[] {
    const there = [...this.#cells.values()].filter(({ kind, value }) => kind === "reaction" && value !== "");
    return there.sort((a, b) => a.id - b.id);
  }
}

/** A name that no other cell of the same message has. */
export function cellKey({ kind, author, emoji }: CellName): string {
  return `${kind} ${author} ${emoji}`;
}
