import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports that systems give out by themselves, so that nobody is given one of these meanwhile. */
const lowest = 20_000;
const count = 10_000;
const triesMax = 200;

const taken = new Set<number>();

/** A port of the loopback interface that nobody listens at; no other call of this process gets it. */
export function freePort(): Promise<number> {
  return freePorts(1);
}

/** The first of so many such ports in a row. */
export async function freePorts(wanted: number): Promise<number> {
  for (let tries = 0; tries < triesMax; tries++) {
    const first = lowest + Math.floor(Math.random() * (count - wanted));
    const ports = Array.from({ length: wanted }, (_, offset) => first + offset);
    if (ports.some((port) => taken.has(port))) continue;
    for (const port of ports) taken.add(port);
    if ((await Promise.all(ports.map(isFreePort))).every((free) => free)) return first;
  }
  throw new Error(`found no ${wanted} free ports in a row between ${lowest} and ${lowest + count}`);
}

/** Whether nobody listens at a port of the loopback interface. */
export async function isFreePort(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
