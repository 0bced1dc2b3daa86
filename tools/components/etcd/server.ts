import { get } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../testing/free-ports.js";
import { findComponent, howToGet } from "../find.js";
import { OwnedProcess } from "../running/owned-process.js";

const readyMsMax = 30_000;
const readyPollMs = 20;
const healthMsMax = 1000;
const stopMsMax = 10_000;

/** Where one etcd listens, on the loopback interface. */
export interface EtcdPorts {
  readonly client: number;
  readonly peer: number;
  /** Of its health, without TLS in any case. */
  readonly health: number;
}

/** How one etcd is run. */
export interface EtcdServerOptions {
  /** Its data, kept from one start to the next. */
  readonly folder: string;
  readonly ports: EtcdPorts;
  readonly name?: string;
  /** All members, itself included, as `NAME=PEER_URL,…`; alone without. */
  readonly members?: string;
  /** Writes reach the disk before they are answered; else they survive the process but not the machine. */
  readonly fsync?: boolean;
  /** Clients speak TLS with it; its certificate is then at `certificate`. */
  readonly tls?: boolean;
}

/** One etcd as a process of its own, which can be killed, paused and started again on the same data. */
export class EtcdServer {
  readonly name: string;
  readonly #process = new OwnedProcess();

  constructor(private readonly options: EtcdServerOptions) {
    this.name = options.name ?? "etcd";
  }

  /** One on free ports, alone, with its data below the folder. */
  static async alone(folder: string, options: Partial<EtcdServerOptions> = {}): Promise<EtcdServer> {
    return new EtcdServer({ folder: join(folder, "etcd"), ports: await freePorts(), ...options });
  }

  /** Where clients find it. */
  get url(): string {
    return `${this.options.tls ? "https" : "http"}://127.0.0.1:${this.options.ports.client}`;
  }

  /** File with the certificate that it made for itself, with `tls`. */
  get certificate(): string {
    return join(this.options.folder, "fixtures", "client", "cert.pem");
  }

  /** Starts it on the data that is there; resolves once it serves. */
  async start(): Promise<void> {
    this.launch();
    await this.ready();
  }

  /** Begins to start it; `ready` tells when it serves. */
  launch(): void {
    const folder = findComponent("etcd");
    if (!folder) throw new Error(`etcd is not there; get it by: ${howToGet("etcd")}`);
    this.#process.begin({ command: join(folder, "etcd"), args: this.#arguments() });
  }

  /** Resolves once it serves; rejects with what it said if it ends or takes too long. */
  async ready(): Promise<void> {
    const until = performance.now() + readyMsMax;
    for (let why = "it was not started"; ; await wait(readyPollMs)) {
      if (this.#process.pid === undefined) throw this.#process.failure(`${this.name} has ended`);
      if (performance.now() > until) throw this.#process.failure(`${this.name} is not ready: ${why}`);
      const answer = await ask(`http://127.0.0.1:${this.options.ports.health}/health`);
      if (answer.includes('"health":"true"')) return;
      why = answer;
    }
  }

  /** Ends it in the middle of whatever it does. */
  kill(): Promise<void> {
    return this.#process.kill();
  }

  /** Stops it from doing anything, its connections left open, until `resume`. */
  pause(): void {
    this.#process.signal("SIGSTOP");
  }

  resume(): void {
    this.#process.signal("SIGCONT");
  }

  /** Ends it in order, or by force if it takes too long; safe to call twice, and to start again after. */
  stop(): Promise<void> {
    return this.#process.end("SIGTERM", stopMsMax);
  }

  #arguments(): string[] {
    const { folder, ports, members, fsync = false, tls = false } = this.options;
    const peer = `http://127.0.0.1:${ports.peer}`;
    const values = {
      name: this.name,
      "data-dir": folder,
      "listen-client-urls": this.url,
      "advertise-client-urls": this.url,
      "listen-peer-urls": peer,
      "initial-advertise-peer-urls": peer,
      "initial-cluster": members ?? `${this.name}=${peer}`,
      "listen-metrics-urls": `http://127.0.0.1:${ports.health}`,
      "log-level": "warn",
    };
    const flags = [...(fsync ? [] : ["--unsafe-no-fsync"]), ...(tls ? ["--auto-tls"] : [])];
    return [...Object.entries(values).map(([name, value]) => `--${name}=${value}`), ...flags];
  }
}

/** Ports that nobody uses. */
export async function freePorts(): Promise<EtcdPorts> {
  return { client: await freePort(), peer: await freePort(), health: await freePort() };
}

/** What is answered, or why nothing is. */
function ask(url: string): Promise<string> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: healthMsMax }, (response) => {
      response.setEncoding("utf8");
      let text = "";
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("close", () => resolve(text));
    });
    request.on("timeout", () => request.destroy(new Error("no answer")));
    request.on("error", (error) => resolve(error.message));
  });
}
