import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Launch, type LaunchOptions, portsFrom, type Server, whyNotGood } from "./launch.js";

const usualPorts = { administration: 9901 };
const extensions = "type.googleapis.com/envoy.extensions";

/**
 * Envoy, with a configuration of the caller's, which keeps its administration at the usual port; without one
 * it serves its administration only.
 */
export const envoy: Server = { membersMax: 1, launches };

function launches({ folder, data, config, port }: LaunchOptions): Launch[] {
  const { administration } = portsFrom(usualPorts, port);
  const common = ["--concurrency", "1", "--use-dynamic-base-id", "--log-level", "warning"];
  const url = `http://127.0.0.1:${administration}`;
  return [
    {
      name: "envoy",
      command: join(folder, "envoy"),
      args: ["--config-path", config ?? writeConfig(data, administration), ...common],
      endsWithParent: true,
      addresses: { administration: url },
      whyNotReady: () => whyNotGood(`${url}/ready`),
    },
  ];
}

/** Connections are bounded, for Envoy warns of a server without a bound. */
function writeConfig(data: string, port: number): string {
  const file = join(data, "envoy.json");
  const bound = {
    name: "envoy.resource_monitors.global_downstream_max_connections",
    typed_config: {
      "@type": `${extensions}.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig`,
      max_active_downstream_connections: 10_000,
    },
  };
  const config = {
    admin: { address: { socket_address: { address: "127.0.0.1", port_value: port } } },
    overload_manager: { resource_monitors: [bound] },
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}
