import { z } from "zod";
import type { ProcessStatus } from "../../mesh/status.js";

const statusSchema = z.object({ leader: z.string(), header: z.object({ member_id: z.string() }) });

/** The name of the member of etcd that leads, asked by its JSON gateway. @throws Error if none does */
export async function etcdLeader(processes: readonly ProcessStatus[]): Promise<string> {
  for (const { name, addresses } of processes) {
    const url = name.startsWith("etcd") ? addresses.clients : undefined;
    if (url === undefined) continue;
    const answer = await fetch(`${url}/v3/maintenance/status`, { method: "POST", body: "{}" });
    const { leader, header } = statusSchema.parse(await answer.json());
    if (leader === header.member_id) return name;
  }
  throw new Error("no member of etcd leads");
}
