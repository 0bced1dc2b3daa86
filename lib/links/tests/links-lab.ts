import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DevelopmentAuthority } from "../../../tools/certificates/authority.js";
import { StallingProxy } from "../../../tools/testing/stalling-proxy.js";
import { systemClock } from "../../clock/system-clock.js";
import type { Identity } from "../../tls/identity.js";
import { GrpcLinks } from "../grpc-links.js";
import type { LinkLimits } from "../grpc-options.js";
import type { Listener, Service } from "../links.js";

/** Makes links and what stands between them, and ends it all. */
export class LinksLab {
  /** What was logged as an error or a warning. */
  readonly complaints: string[] = [];
  readonly #closers: (() => unknown)[] = [];

  links(limits: Partial<LinkLimits> = {}, identity?: Identity): GrpcLinks {
    const complain = (_: object, message: string) => this.complaints.push(message);
    const log = { debug() {}, info() {}, warn: complain, error: complain };
    const links = new GrpcLinks({ clock: systemClock, identity, log, limits });
    this.#closers.unshift(() => links.close());
    return links;
  }

  async listen(links: GrpcLinks, service: Service, address = "127.0.0.1:0"): Promise<Listener> {
    const listener = await links.listen(address, service);
    this.#closers.unshift(() => listener.close());
    return listener;
  }

  /** Something that can hold back what goes to an address. */
  async proxy(address: string): Promise<{ proxy: StallingProxy; address: string }> {
    const [host = "", port] = address.split(":");
    const proxy = await StallingProxy.before({ host, port: Number(port) });
    this.#closers.unshift(() => proxy.close());
    return { proxy, address: `${proxy.address.host}:${proxy.address.port}` };
  }

  async close(): Promise<void> {
    // The proxies go last: they may hold back what closing waits for.
    for (const close of this.#closers.splice(0)) await close();
    this.complaints.length = 0;
  }
}

/** Identities by one authority, in a folder that goes with `close`. */
export class TestAuthority {
  private constructor(
    private readonly folder: string,
    private readonly authority: DevelopmentAuthority,
  ) {}

  static async open(): Promise<TestAuthority> {
    const folder = await mkdtemp(join(tmpdir(), "confab-links-"));
    return new TestAuthority(folder, await DevelopmentAuthority.open(folder));
  }

  /** Of a service whose certificate has this name. */
  async identity(name: string): Promise<Identity> {
    const files = await this.authority.issue(name, [name]);
    const [authority, certificate, key] = await Promise.all([
      readFile(this.authority.file),
      readFile(files.certificate),
      readFile(files.key),
    ]);
    return { authority, certificate, key };
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}
