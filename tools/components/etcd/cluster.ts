import { join } from "node:path";
import { EtcdServer, type EtcdServerOptions, freePorts } from "./server.js";

const memberCount = 3;

/** Three etcds that agree, on free ports; each can be killed, paused and started again by itself. */
export class EtcdCluster {
  private constructor(readonly members: readonly EtcdServer[]) {}

  /** One with its data below the folder. */
  static async create(folder: string, options: Pick<EtcdServerOptions, "fsync"> = {}): Promise<EtcdCluster> {
    const names = Array.from({ length: memberCount }, (_, i) => `etcd-${i + 1}`);
    const ports = await Promise.all(names.map(freePorts));
    const members = names.map((name, i) => `${name}=http://127.0.0.1:${ports[i]!.peer}`).join(",");
    return new EtcdCluster(
      names.map(
        (name, i) =>
          new EtcdServer({ ...options, folder: join(folder, name), name, members, ports: ports[i]! }),
      ),
    );
  }

  /** Where clients find its members. */
  get urls(): string[] {
    return this.members.map(({ url }) => url);
  }

  /** Starts all members; resolves once all serve. */
  async start(): Promise<void> {
    for (const member of this.members) member.launch();
    await Promise.all(this.members.map((member) => member.ready()));
  }

  /** Ends all members, in order. */
  async stop(): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
  }
}
