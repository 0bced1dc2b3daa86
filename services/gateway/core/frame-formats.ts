import { ServerFrame } from "../../../gen/confab/v1/realtime.js";
import type { Format } from "./session.js";

/** JSON of encoded frames, made once for all clients of a gateway: frames are kept, and so is their JSON. */
const jsonOf = new WeakMap<Uint8Array, string>();

/** An encoded frame in a connection's format: as it is, or its JSON. */
export function inFormat(frame: Uint8Array, format: Format): string | Uint8Array {
  if (format === "proto") return frame;
  const known = jsonOf.get(frame);
  if (known !== undefined) return known;
  const json = JSON.stringify(ServerFrame.toJSON(ServerFrame.decode(frame)));
  jsonOf.set(frame, json);
  return json;
}

/** Writes a frame in a connection's format. */
export function encodeFrame(frame: ServerFrame, format: Format): string | Uint8Array {
  return format === "proto" ? ServerFrame.encode(frame).finish() : JSON.stringify(ServerFrame.toJSON(frame));
}
