import { z } from "zod";

/** Below this key are the gateways that clients may be sent to. */
export const gatewayPrefix = "gateways/";

/** URL of a WebSocket. */
export const gatewayUrl = z.url({ protocol: /^wss?$/, error: "must be a URL of a WebSocket (ws or wss)" });

const shape = z.object({ url: gatewayUrl, region: z.string() });

/** Where clients find a gateway. */
export interface Gateway {
  readonly id: string;
  /** WebSocket URL. */
  readonly url: string;
  readonly region: string;
}

/** What is written to offer a gateway to clients. @throws if the URL is none of a WebSocket */
export function gatewayEntry({ id, url, region }: Gateway): { key: string; value: string } {
  return { key: gatewayPrefix + id, value: JSON.stringify(shape.parse({ url, region })) };
}

/** The gateway of an entry, or undefined if it is not one. */
export function parseGateway(key: string, value: string): Gateway | undefined {
  try {
    return { id: key.slice(gatewayPrefix.length), ...shape.parse(JSON.parse(value)) };
  } catch {
    return undefined;
  }
}
