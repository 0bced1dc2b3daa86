import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DevelopmentAuthority } from "../../certificates/authority.js";
import { MeshFolder } from "../../mesh/mesh-folder.js";
import type { StartedMesh } from "../start-mesh.js";
import { type Knock, knock } from "./knock.js";
import type { Refusal, Refuser } from "./refusal.js";

/** The ports that only peers with a certificate of the mesh may use, by process and what for. */
const ports = [
  { process: "channel-1", what: "gRPC", service: "channel", protocol: "h2" },
  { process: "admin-1", what: "gRPC", service: "admin", protocol: "h2" },
  { process: "web-1", what: "HTTP", service: "web", protocol: "http/1.1" },
  { process: "gateway-1", what: "streams", service: "gateway", protocol: "h2" },
] as const satisfies readonly { service: Refuser; [name: string]: string }[];

/** Peers that are none, at the ports of services: who listens there is who must refuse. */
export async function* peerCases({ stage, server }: StartedMesh, folder: string): AsyncGenerator<Refusal> {
  const ca = server.ca ?? "";
  const stranger = await strangersPair(folder);
  const processes = stage.status();
  for (const { process, what, service, protocol } of ports) {
    const address = processes.find(({ name }) => name === process)?.addresses[what];
    if (address === undefined) throw new Error(`${process} has no address for ${what}`);
    const comers: Record<string, Omit<Knock, "address" | "protocol">> = {
      "without a certificate": { tls: { ca } },
      "with a certificate of another authority": { tls: { ca, ...stranger } },
      "in plain text": {},
    };
    // Else what is refused below may be refused because nobody is let in.
    const friend = await pairOf(new MeshFolder(stage.data).certificate("envoy"));
    const turnedAway = await knock({ address, protocol, tls: { ca, ...friend } });
    if (turnedAway !== undefined) throw new Error(`${process} refuses a peer of the mesh: ${turnedAway}`);
    for (const [how, comer] of Object.entries(comers)) {
      const code = await knock({ address, protocol, ...comer });
      yield {
        case: `a peer ${how}, at the ${service}'s port`,
        refusedBy: code === undefined ? "nobody" : service,
        code: code ?? "none",
      };
    }
  }
}

/** A certificate in the name of a service, signed by an authority that is not the mesh's. */
async function strangersPair(folder: string): Promise<{ cert: string; key: string }> {
  const authority = await DevelopmentAuthority.open(join(folder, "stranger"));
  return pairOf(await authority.issue("stranger", ["envoy.confab", "gateway.confab"]));
}

async function pairOf(files: { certificate: string; key: string }): Promise<{ cert: string; key: string }> {
  const [cert, key] = await Promise.all([files.certificate, files.key].map((file) => readFile(file, "utf8")));
  return { cert: cert!, key: key! };
}
