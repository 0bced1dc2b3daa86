import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { beganAt } from "./running/began.js";

const pollMs = 100;

const holderSchema = z.object({ pid: z.number(), began: z.string(), token: z.string() });

/** Who has a lock. */
type Holder = z.infer<typeof holderSchema>;

/** Locks that this process has: another one with its id may have left one behind. */
const held = new Set<string>();

/**
 * Does work that only one process at a time may do; the file names it. A second one waits for the first,
 * unless that one died.
 *
 * @param waiting called once if somebody else is at it
 */
export async function withLock<Result>(
  file: string,
  waiting: (pid: number) => void,
  work: () => Promise<Result> | Result,
): Promise<Result> {
  mkdirSync(dirname(file), { recursive: true });
  const own: Holder = { pid: process.pid, began: beganAt(process.pid) ?? "", token: randomUUID() };
  for (let told = false; !take(file, own); await wait(pollMs)) {
    const holder = holderOf(file);
    if (!holder) continue;
    if (!isAlive(holder)) breakLock(file, holder);
    else if (!told) waiting(holder.pid);
    told = true;
  }
  held.add(own.token);
  try {
    return await work();
  } finally {
    held.delete(own.token);
    if (holderOf(file)?.token === own.token) rmSync(file, { force: true });
  }
}

/** A lock appears with its content, by a link: it is never seen empty. */
function take(file: string, own: Holder): boolean {
  const beside = `${file}.${own.token}`;
  try {
    writeFileSync(beside, JSON.stringify(own));
    linkSync(beside, file);
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Undefined if there is no lock, or something else in its place. */
function holderOf(file: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw new Error(`${file} is no lock of this program; remove it if nothing is being done there`);
  }
}

function isAlive({ pid, began, token }: Holder): boolean {
  return pid === process.pid ? held.has(token) : beganAt(pid) === began;
}

/** Takes the lock of a dead process away, unless somebody else did and has it now: that one is put back. */
function breakLock(file: string, dead: Holder): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
    if (holderOf(aside)?.token !== dead.token) linkSync(aside, file);
  } catch (error) {
    if (!isErrno(error, "ENOENT") && !isErrno(error, "EEXIST")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
