import { dataFolderDefault } from "../../lib/local/data-files.js";
import type { MeshReady } from "./start-mesh.js";

interface Place {
  /** The folder that clients look into. */
  readonly data: string;
  /** Folder of the processes' logs. */
  readonly logs: string;
  readonly processes: number;
  /** It stays when the one who started it is gone. */
  readonly detached: boolean;
}

/** What a person wants to know of a mesh that serves. */
export function describeReady(ready: MeshReady, { data, logs, processes, detached }: Place): string {
  const isUsual = data === dataFolderDefault;
  const folder = isUsual ? "" : ` --data ${data}`;
  const cli = isUsual ? "./confab" : `./confab --data ${data}`;
  const seconds = (ready.ms / 1000).toFixed(1);
  return `Confab runs as ${processes} processes behind Envoy (${seconds} s)

  HTTP       ${ready.url}
  WebSocket  ${ready.ws}
  gRPC       ${ready.grpc}
  authority  ${ready.ca}
  traces     ${ready.jaeger ?? "not here"}
  logs       ${logs}

In another terminal:

  ${cli} tail general
  ${cli} post general "Hello"${ready.jaeger ? " --trace    # says where its way is shown" : ""}
  npm run mesh -- status${folder}
  npm run mesh -- kill channel-1${folder}    # and see who takes over

${detached ? `It ends by: npm run mesh -- stop${folder}` : "Ctrl-C ends it."}`;
}
