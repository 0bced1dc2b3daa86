import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { systemClock } from "../../lib/clock/system-clock.js";
import { EtcdCoordinator } from "../../lib/coordination/etcd/etcd-coordinator.js";
import type { EtcdParts, EtcdTarget } from "../../lib/coordination/etcd/options.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { findComponent, howToGet } from "../../tools/components/find.js";
import { needs } from "../needs.js";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Skips the suite if there is no etcd. */
export function needsEtcd(): void {
  needs("etcd", howToGet("etcd"), () => findComponent("etcd") !== undefined);
}

/** Keys of its own for every test. */
export function freshPrefix(): string {
  return `${randomUUID()}/`;
}

/** A coordinator with keys of its own, unless a target says otherwise. */
export function openEtcd(
  endpoints: readonly string[],
  target: Partial<EtcdTarget> = {},
  parts: Partial<EtcdParts> = {},
): EtcdCoordinator {
  const usual = { clock: systemClock, random: Math.random, log: silent };
  return new EtcdCoordinator({ endpoints, prefix: freshPrefix(), ...target }, { ...usual, ...parts });
}

/** A folder for the data of servers, and how to remove it. */
export async function dataFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "confab-etcd-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Whether it is the error of a call that was not answered, or by nobody who could. */
export function isPassing(error: unknown): boolean {
  return error instanceof ConfabError && ["unavailable", "deadline_exceeded"].includes(error.code);
}

/** Tries again for as long as nobody answers. */
export async function untilAnswered<Result>(call: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isPassing(error)) throw error;
      await wait(50);
    }
  }
}
