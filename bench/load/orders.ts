import type { SocketPlan } from "./load-socket.js";
import type { Tally } from "./tally.js";

/** What the process with the sockets is told. Each order has one answer. */
export type Order =
  /** Opens the sockets of a crowd, some at a time. */
  | { readonly do: "open"; readonly crowd: string; readonly plans: readonly SocketPlan[] }
  /** Counts from zero. */
  | { readonly do: "begin" }
  /** Answers with what came since. */
  | { readonly do: "end" }
  /** Answers with the first frame with a message that came to the crowd. */
  | { readonly do: "sample"; readonly crowd: string };

/** What it answers, and what it tells by itself. */
export type Report =
  | { readonly is: "answer"; readonly tally?: Tally; readonly sample?: Uint8Array; readonly error?: string }
  /** Each followed channel's index as often as one message has reached all who follow it. */
  | { readonly is: "delivered"; readonly channels: readonly number[] };
