import { toConnectFailure } from "../../../lib/errors/connect-error.js";
import type { ConfabError } from "../../../lib/errors/errors.js";
import type { Fetch } from "../options.js";
import type { Socket } from "../realtime/socket.js";

/** A request as it came, without what belongs to HTTP. */
export interface AskedCall {
  readonly method: string;
  readonly body: Record<string, unknown>;
  readonly timeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Answers with 200. */
  answer(json: object): void;
  /** Answers with a named error. */
  refuse(error: ConfabError): void;
  /** The connection breaks. */
  break(): void;
}

/** One socket, from the server's side. */
export class FakeSocket implements Socket {
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  onerror: Socket["onerror"] = null;
  readonly sent: Record<string, unknown>[] = [];
  isClosed = false;

  constructor(
    readonly url: string,
    readonly subprotocols: readonly string[],
  ) {}

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.isClosed = true;
  }

  /** Sends frames to the client. */
  frames(...frames: object[]): void {
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** Sends events of one channel, without content. */
  events(channelId: string, ...seqs: number[]): void {
    this.frames(...seqs.map((seq) => ({ events: [{ channelId, event: { seq, id: 1000 + seq } }] })));
  }

  end(code: number, reason = ""): void {
    this.onclose?.({ code, reason });
  }
}

/** What a client talks to: calls and sockets wait until a test answers them. */
export class FakeServer {
  readonly calls: AskedCall[] = [];
  readonly sockets: FakeSocket[] = [];

  readonly fetch: Fetch = (url, { headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const respond = (status: number, json: object) => {
        const traceId = headers.traceparent?.split("-")[1] ?? "f".repeat(32);
        const get = (name: string) => (name === "x-trace-id" ? traceId : null);
        resolve({ status, headers: { get }, text: async () => JSON.stringify(json) });
      };
      signal.addEventListener("abort", () => reject(new Error("aborted")));
      this.calls.push({
        method: url.split("/").at(-1) ?? "",
        body: JSON.parse(body),
        headers,
        timeoutMs: Number(headers["connect-timeout-ms"]),
        answer: (json) => respond(200, json),
        refuse: (error) => {
          const failure = toConnectFailure(error);
          respond(failure.httpStatus, failure.body);
        },
        break: () => reject(new TypeError("fetch failed")),
      });
    });

  readonly webSocket = (url: string, subprotocols: string[]): FakeSocket => {
    const socket = new FakeSocket(url, subprotocols);
    this.sockets.push(socket);
    return socket;
  };

  get call(): AskedCall {
    return this.calls.at(-1)!;
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }
}
