import { ConfigError } from "../../lib/config/config.js";
import type { LocalConfig } from "./config.js";
import type { Addresses } from "./data-folder.js";

/** Resolves when the process is asked to end. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

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

/** Says why the start failed: expected faults in a line, others with where they come from. */
export function explain(error: unknown): void {
  if (!(error instanceof Error)) return console.error(String(error));
  const isExpected = error instanceof ConfigError || "code" in error || error.cause !== undefined;
  console.error(`confab: ${isExpected ? error.message : error.stack}`);
}
