import { once } from "node:events";
import { createServer, type Server } from "node:net";

const triesMax = 50;

/** The first of so many ports in a row of which nobody uses any at the moment. */
export async function freePorts(count: number): Promise<number> {
  for (let i = 0; i < triesMax; i++) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const servers = await Promise.allSettled(
      Array.from({ length: count }, (_, offset) => listen(first + offset)),
    );
    const open = servers.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    await Promise.all(open.map((server) => new Promise((resolve) => server.close(resolve))));
    if (open.length === count) return first;
  }
  throw new Error(`there are no ${count} free ports in a row`);
}

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}
