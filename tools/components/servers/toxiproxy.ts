import { join } from "node:path";
import { type Launch, type LaunchOptions, type Server, whyNotGood } from "./launch.js";

const port = "8474";

/** toxiproxy, whose proxies are made over its HTTP interface. */
export const toxiproxy: Server = { membersMax: 1, launches };

function launches({ folder }: LaunchOptions): Launch[] {
  const url = `http://127.0.0.1:${port}`;
  return [
    {
      name: "toxiproxy",
      command: join(folder, "toxiproxy-server"),
      args: ["-host", "127.0.0.1", "-port", port],
      addresses: { administration: url },
      whyNotReady: () => whyNotGood(`${url}/version`),
    },
  ];
}
