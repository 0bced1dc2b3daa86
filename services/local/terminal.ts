import { ConfigError } from "../../lib/config/config.js";
import type { LocalConfig } from "./config.js";
import type { Addresses } from "./data-folder.js";

const names = ["SIGINT", "SIGTERM"] as const;

/** What the process is told from outside about its end. */
export interface EndSignals {
  /** Resolves when it is asked to end. */
  readonly asked: Promise<void>;
  /** Aborts when it is asked once more: it shall wait for nobody. */
  readonly hurry: AbortSignal;
}

/** Listens for signals. From the third one on they do what they do without that: end the process. */
export function endSignals(): EndSignals {
  const [asked, hurry] = [new AbortController(), new AbortController()];
  const heard = () => {
    if (!asked.signal.aborted) return asked.abort();
    hurry.abort();
    for (const name of names) process.off(name, heard);
  };
  for (const name of names) process.on(name, heard);
  const isAsked = new Promise<void>((resolve) => asked.signal.addEventListener("abort", () => resolve()));
  return { asked: isAsked, hurry: hurry.signal };
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
