import { ServerFrame } from "../../../gen/confab/v1/realtime.js";
import { isErrorCode } from "../../../lib/errors/errors.js";

/** What came of what was sent. */
export class Tally {
  sent = 0;
  refused = 0;
  granted = 0;
  closed = 0;

  /** Takes an answer's error down. @throws when it has no name of the table, or says that something broke */
  refusal(code: string): void {
    if (!isErrorCode(code) || code === "internal") throw new Error(`answered by the error ${code || "none"}`);
    this.refused++;
  }

  /** Takes a server's frame down; returns it. */
  frame(data: Uint8Array | string): ServerFrame {
    const frame =
      typeof data === "string" ? ServerFrame.fromJSON(JSON.parse(data)) : ServerFrame.decode(data);
    if (frame.frame?.$case === "error") this.refusal(frame.frame.value.problem?.code ?? "");
    else this.granted++;
    return frame;
  }
}
