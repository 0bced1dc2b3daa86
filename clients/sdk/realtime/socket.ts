/** The type of a method, so that an event may have more than is asked of it. */
type Listener<Event> = { call(event: Event): void }["call"] | null;

/** The part of a browser's WebSocket that is used. */
export interface Socket {
  send(text: string): void;
  close(): void;
  onmessage: Listener<{ readonly data: unknown }>;
  onclose: Listener<{ readonly code: number; readonly reason: string }>;
  onerror: Listener<object>;
}

/** Opens a WebSocket. */
export type OpenSocket = (url: string, subprotocols: string[]) => Socket;

/** The WebSocket of browsers and of newer runtimes. */
export const openGlobalSocket: OpenSocket = (url, subprotocols) => {
  const { WebSocket } = globalThis as { WebSocket?: new (url: string, subprotocols: string[]) => Socket };
  if (!WebSocket)
    throw new Error("there is no WebSocket in this runtime: give one as the option `webSocket`");
  return new WebSocket(url, subprotocols);
};
