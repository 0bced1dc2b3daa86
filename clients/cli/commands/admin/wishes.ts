import type { Command } from "commander";
import type { MeshRead } from "../../../../lib/ring/read-mesh.js";
import { drainEntry, fenceEntry, pinEntry } from "../../../../lib/ring/wishes.js";
import { ConfabError } from "../../../sdk/node.js";
import type { Context } from "../context.js";
import { checkMember, incarnationArgument, memberArgument, slotArgument, slotHelp } from "./arguments.js";
import { type RingWork, withRing } from "./with-ring.js";

const memberHelp = "id of a channel server, as `admin members` lists it";

/** What a wish came to: for people, and as JSON. */
interface Told {
  readonly text: string;
  readonly object: object;
}

/** `confab admin pin`, `move`, `unpin`, `drain`, `undrain`, `fence` */
export function addWishes(admin: Command, context: Context): void {
  const run = (command: Command, work: (ring: RingWork) => Promise<Told>) =>
    withRing(context, command, async (ring) => {
      const { text, object } = await work(ring);
      await context.terminal.print(ring.json ? JSON.stringify(object) : text);
    });
  for (const [name, description] of [
    ["pin", "Have a slot owned by a member whenever that is there and takes slots, until `unpin`."],
    ["move", "The same as pin: a slot that is moved by hand stays where it is put, until `unpin`."],
  ] as const) {
    admin
      .command(name)
      .description(description)
      .argument("<slot>", slotHelp, slotArgument)
      .argument("<member>", memberHelp, memberArgument)
      .action((slot: number, memberId: string, _flags, command: Command) =>
        run(command, (ring) => pin(ring, slot, memberId)),
      );
  }
  admin
    .command("unpin")
    .description("Leave it to the ring again who owns a slot.")
    .argument("<slot>", slotHelp, slotArgument)
    .action((slot: number, _flags, command: Command) => run(command, (ring) => unpin(ring, slot)));
  admin
    .command("drain")
    .description("Have a member give all its slots away and get none, until `undrain`.")
    .argument("<member>", memberHelp, memberArgument)
    .action((id: string, _flags, command: Command) => run(command, (ring) => drain(ring, id)));
  admin
    .command("undrain")
    .description("Let a member own slots again.")
    .argument("<member>", memberHelp, memberArgument)
    .action((id: string, _flags, command: Command) => run(command, (ring) => undrain(ring, id)));
  admin
    .command("fence")
    .description("Shut a life of a member out of the store; the member, if it lives, begins a new one.")
    .argument("<member>", "id of a member, or one of its incarnations", incarnationArgument)
    .action((id: string, _flags, command: Command) => run(command, (ring) => fence(ring, id)));
}

async function pin({ mesh, write }: RingWork, slot: number, memberId: string): Promise<Told> {
  checkMember(mesh, memberId);
  await write({ put: [pinEntry({ slot, memberId })] });
  const owner = mesh.owners.get(slot)?.record?.memberId ?? "";
  const now = owner === memberId ? "where it is" : `it is ${owner || "nobody"}'s now`;
  return { text: `slot ${slot} is pinned to ${memberId}; ${now}`, object: { slot, memberId } };
}

async function unpin({ mesh, write }: RingWork, slot: number): Promise<Told> {
  const memberId = mesh.pins.get(slot);
  if (memberId === undefined) throw new ConfabError("invalid_argument", "slot", `slot ${slot} is not pinned`);
  await write({ remove: [pinEntry({ slot, memberId }).key] });
  return { text: `slot ${slot} is pinned to ${memberId} no longer`, object: { slot, memberId: "" } };
}

async function drain({ mesh, write }: RingWork, memberId: string): Promise<Told> {
  checkMember(mesh, memberId);
  await write({ put: [drainEntry(memberId)] });
  const stays = mesh.members.some(
    (other) => other.memberId !== memberId && !other.leaving && !mesh.drains.has(other.memberId),
  );
  const what = stays ? "its slots move to others" : "nobody else takes slots, so it keeps its own for now";
  return { text: `${memberId} is drained; ${what}`, object: { memberId, drained: true } };
}

async function undrain({ mesh, write }: RingWork, memberId: string): Promise<Told> {
  if (!mesh.drains.has(memberId))
    throw new ConfabError("invalid_argument", "member", `${memberId} is not drained`);
  await write({ remove: [drainEntry(memberId).key] });
  return { text: `${memberId} gets slots again`, object: { memberId, drained: false } };
}

async function fence({ mesh, write }: RingWork, id: string): Promise<Told> {
  const incarnation = incarnationOf(mesh, id);
  await write({ put: [fenceEntry(incarnation)] });
  return { text: `${incarnation} is to be fenced`, object: { incarnation } };
}

/** The life that is meant: one that is there, or that owns slots still. */
function incarnationOf(mesh: MeshRead, id: string): string {
  const owners = [...mesh.owners.values()].map(({ record }) => record?.incarnation);
  if (owners.includes(id) || mesh.members.some((member) => member.incarnation === id)) return id;
  if (id.includes("/")) throw new ConfabError("invalid_argument", "member", `nobody here is or was ${id}`);
  checkMember(mesh, id);
  return mesh.members.find((member) => member.memberId === id)!.incarnation;
}
