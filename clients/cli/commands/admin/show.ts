import type { Command } from "commander";
import { slotCount } from "../../../../lib/ring/slot.js";
import type { Context } from "../context.js";
import { memberViews, rangesOf, type SlotView, slotViews } from "./views.js";
import { withRing } from "./with-ring.js";

/** `confab admin ring`, `confab admin members` */
export function addShow(admin: Command, context: Context): void {
  admin
    .command("ring")
    .description(
      "Show who owns which slots, and what moves. With --json: each slot that has or had an owner.",
    )
    .option("--slots", "name the slots, too")
    .action((_flags, command: Command) => showRing(context, command));
  admin
    .command("members")
    .description("List the channel servers that are there, and those gone that own slots still.")
    .action((_flags, command: Command) => showMembers(context, command));
}

function showRing(context: Context, command: Command): Promise<void> {
  const { terminal } = context;
  const isLong = command.opts<{ slots?: boolean }>().slots === true;
  return withRing(context, command, async ({ mesh, json }) => {
    const slots = slotViews(mesh);
    if (json) {
      for (const slot of slots) await terminal.print(JSON.stringify(slot));
      return;
    }
    const owned = slots.filter(({ incarnation }) => incarnation !== "");
    for (const { incarnation } of memberViews(mesh)) {
      const own = owned.filter((slot) => slot.incarnation === incarnation);
      await terminal.print(lineOf(incarnation, own, isLong));
    }
    if (owned.length < slotCount) await terminal.print(`nobody  ${slotCount - owned.length} slots`);
    for (const { slot, memberId, movesTo, pinnedTo } of slots) {
      const isPinned = pinnedTo !== "" && pinnedTo !== memberId ? `, pinned to ${pinnedTo}` : "";
      if (movesTo !== "") await terminal.print(`slot ${slot} moves from ${memberId} to ${movesTo}`);
      else if (isPinned) await terminal.print(`slot ${slot} is ${memberId || "nobody"}'s${isPinned}`);
    }
  });
}

function lineOf(incarnation: string, own: readonly SlotView[], isLong: boolean): string {
  const epochs = own.map(({ epoch }) => epoch);
  const range = epochs.length > 0 ? `  epochs ${Math.min(...epochs)} to ${Math.max(...epochs)}` : "";
  const slots = isLong && own.length > 0 ? `  ${rangesOf(own.map(({ slot }) => slot))}` : "";
  return `${incarnation}  ${own.length} slots${range}${slots}`;
}

function showMembers(context: Context, command: Command): Promise<void> {
  const { terminal } = context;
  return withRing(context, command, async ({ mesh, json }) => {
    for (const view of memberViews(mesh)) {
      const { memberId, incarnation, address, weight, slots, state } = view;
      const how = state === "there" ? "" : `  (${state})`;
      const text = `${memberId}  ${incarnation}  ${address}  weight ${weight}  ${slots} slots${how}`;
      await terminal.print(json ? JSON.stringify(view) : text);
    }
  });
}
