import { join } from "node:path";
import { type Launch, type LaunchOptions, portsFrom, type Server, whyNotGood } from "./launch.js";

const usualPorts = { administration: 8474 };

/** toxiproxy, whose proxies are made over its HTTP interface. */
export const toxiproxy: Server = { membersMax: 1, launches };

function launches({ folder, port }: LaunchOptions): Launch[] {
  const { administration } = portsFrom(usualPorts, port);
  const url = `http://127.0.0.1:${administration}`;
  return [
    {
      name: "toxiproxy",
      command: join(folder, "toxiproxy-server"),
      args: ["-host", "127.0.0.1", "-port", String(administration)],
      addresses: { administration: url },
      whyNotReady: () => whyNotGood(`${url}/version`),
    },
  ];
}
