import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Launch, type LaunchOptions, type Server, whyNotGood } from "./launch.js";

/** Jaeger with traces in memory. */
export const jaeger: Server = { membersMax: 1, launches };

function launches({ folder, config }: LaunchOptions): Launch[] {
  const own = fileURLToPath(new URL("../../../../tools/components/servers/jaeger.yaml", import.meta.url));
  return [
    {
      name: "jaeger",
      command: join(folder, "jaeger"),
      args: ["--config", config ?? own],
      addresses: { query: "http://127.0.0.1:16686", "OTLP by gRPC": "127.0.0.1:4317" },
      whyNotReady: () => whyNotGood("http://127.0.0.1:13133/status"),
    },
  ];
}
