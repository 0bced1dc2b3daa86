import { ClientFrame } from "../../gen/confab/v1/realtime.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { clientFrameBytesMax } from "../../lib/limits/limits.js";
import { decodeRequest } from "../../lib/rpc/decode.js";
import { parseClientFrame } from "./client-frame-json.js";
import type { Format } from "./core/session.js";

/**
 * Reads what a client sent, in the format of its connection.
 * @throws ConfabError `frame_too_large`, `invalid_json` or `invalid_frame`
 */
export function readClientFrame(data: string | Uint8Array, format: Format): ClientFrame {
  if ((typeof data === "string") !== (format === "json")) {
    const kind = format === "json" ? "text" : "binary";
    throw new ConfabError("invalid_frame", "", `this subprotocol has ${kind} frames only`);
  }
  const bytes = typeof data === "string" ? Buffer.byteLength(data) : data.byteLength;
  if (bytes > clientFrameBytesMax) throw new ConfabError("frame_too_large");
  return typeof data === "string" ? parseClientFrame(data) : decodeFrame(data);
}

function decodeFrame(bytes: Uint8Array): ClientFrame {
  try {
    return decodeRequest((reader) => ClientFrame.decode(reader), bytes);
  } catch (error) {
    if (!(error instanceof ConfabError)) throw error;
    throw new ConfabError("invalid_frame", error.field, error.message);
  }
}
