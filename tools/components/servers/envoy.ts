import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Launch, type LaunchOptions, type Server, whyNotGood } from "./launch.js";

/** Where the configuration that comes along has its administration. */
const admin = "127.0.0.1:9901";

/** Envoy, with a configuration of the caller's; without one it serves its administration only. */
export const envoy: Server = { membersMax: 1, launches };

function launches({ folder, config }: LaunchOptions): Launch[] {
  const own = fileURLToPath(new URL("../../../../tools/components/servers/envoy.yaml", import.meta.url));
  const common = ["--concurrency", "1", "--use-dynamic-base-id", "--log-level", "warning"];
  return [
    {
      name: "envoy",
      command: join(folder, "envoy"),
      args: ["--config-path", config ?? own, ...common],
      addresses: { administration: `http://${admin}` },
      whyNotReady: () => whyNotGood(`http://${admin}/ready`),
    },
  ];
}
