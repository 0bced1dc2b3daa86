import type { Command } from "commander";
import type { Context } from "../context.js";
import { addShow } from "./show.js";
import { addWishes } from "./wishes.js";

/** `confab admin …`: for operators of a mesh that etcd coordinates. */
export function addAdmin(program: Command, context: Context): void {
  const admin = program
    .command("admin")
    .description(
      "Look at who owns which channels of a mesh, and say who should: for operators, through etcd.",
    )
    .option("--etcd <urls>", "members of etcd, separated by commas (default: the CONFAB_ETCD_… variables)");
  addShow(admin, context);
  addWishes(admin, context);
}
