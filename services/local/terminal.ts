import type { LocalConfig } from "./config.js";
import type { Addresses } from "./data-folder.js";

/** Tells where everything is, to a program or to a person. */
export function announceReady({ json, data }: LocalConfig, ready: Addresses & { token: string }): void {
  const ms = Math.round(performance.now());
  if (json) return console.log(JSON.stringify({ event: "ready", ...ready, ms }));
  console.log(`Confab is running (${ms} ms)

  HTTP       ${ready.url}
  WebSocket  ${ready.ws}
  gRPC       ${ready.grpc}
  data       ${data}

In another terminal:

  ./confab tail general
  ./confab post general "Hello"

Ctrl-C ends it.`);
}
