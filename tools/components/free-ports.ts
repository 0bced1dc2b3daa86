import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports that systems give out by themselves, so that nobody is given one of these meanwhile. */
const first = 20_000;
const count = 10_000;
const triesMax = 200;

const taken = new Set<number>();

/** A port of the loopback interface that nobody listens at; no other call of this process gets it. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < triesMax; tries++) {
    const port = first + Math.floor(Math.random() * count);
    if (taken.has(port)) continue;
    taken.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port among ${triesMax} between ${first} and ${first + count}`);
}

async function isFree(port: number): Promise<boolean> {
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
