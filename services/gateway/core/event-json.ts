import { ServerFrame } from "../../../gen/confab/v1/realtime.js";

/**
 * The JSON of an encoded frame, made once for all clients of a gateway: frames are kept, and so is their
 * JSON.
 */
const cache = new WeakMap<Uint8Array, string>();

export function frameJson(frame: Uint8Array): string {
  const known = cache.get(frame);
  if (known !== undefined) return known;
  const json = JSON.stringify(ServerFrame.toJSON(ServerFrame.decode(frame)));
  cache.set(frame, json);
  return json;
}
