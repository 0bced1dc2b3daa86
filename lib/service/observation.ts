import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parseAddress, withPort } from "../config/values.js";
import { ConfabError } from "../errors/errors.js";
import { metricsContentType } from "../metrics/metrics.js";

/** What is seen of a process. */
export interface ObservationParts {
  /** Prometheus' text. */
  readonly metrics: () => Promise<string>;
  readonly whyNotReady: WhyNotReady;
}

/** Why a service cannot do its work now, in words; undefined if it can. */
export type WhyNotReady = () => string | undefined | Promise<string | undefined>;

/** Largest time that a request may take to arrive, in ms. */
const requestReceiveMaxMs = 10_000;

/** Shows a process to who observes it, by HTTP: its metrics, and whether it lives and can do its work. */
export class Observation {
  readonly #http = createServer({ requestTimeout: requestReceiveMaxMs }, ({ method, url }, response) => {
    const show = method === "GET" ? this.#paths.get(url ?? "") : undefined;
    if (!show) return answer(response, 404, { ok: false });
    show(response).catch((error: Error) => answer(response, 500, { ok: false, reason: error.message }));
  });
  readonly #paths: ReadonlyMap<string, (response: ServerResponse) => Promise<void>>;

  constructor({ metrics, whyNotReady }: ObservationParts) {
    this.#paths = new Map([
      ["/health/live", async (response) => answer(response, 200, { ok: true })],
      [
        "/health/ready",
        async (response) => {
          const reason = await whyNotReady();
          if (reason === undefined) answer(response, 200, { ok: true });
          else answer(response, 503, { ok: false, reason });
        },
      ],
      [
        "/metrics",
        async (response) => {
          const text = await metrics();
          response.writeHead(200, { "content-type": metricsContentType }).end(text);
        },
      ],
    ]);
  }

  /** Listens at `host:port`; resolves with the address as bound. @throws ConfabError if it cannot */
  listen(address: string): Promise<string> {
    const { host, port } = parseAddress(address)!;
    return new Promise((resolve, reject) => {
      this.#http.once("error", (error: NodeJS.ErrnoException) => {
        reject(new ConfabError("unavailable", "", `cannot listen at ${address}: ${error.code}`));
      });
      this.#http.listen(port, host, () => {
        resolve(withPort(address, (this.#http.address() as AddressInfo).port));
      });
    });
  }

  /** Ends it; safe to call twice. */
  close(): void {
    this.#http.close();
    this.#http.closeAllConnections();
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
}
