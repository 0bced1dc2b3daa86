import { join } from "node:path";
import { type CertificateFiles, certificateFiles } from "../certificates/authority.js";

/** Where a mesh keeps what it needs, below the folder that clients on this machine look into. */
export class MeshFolder {
  /** Everything of the mesh but its token and its announcement. */
  readonly path: string;

  constructor(readonly data: string) {
    this.path = join(data, "mesh");
  }

  /** A place in it. */
  at(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  get settings(): string {
    return this.at("settings.json");
  }

  /** Which processes were started. */
  get records(): string {
    return this.at("running.json");
  }

  /** Held while processes are started or ended. */
  get lock(): string {
    return join(this.data, "mesh.lock");
  }

  /** The authority, and a certificate for each process. */
  get certificates(): string {
    return this.at("certificates");
  }

  /** The files of the certificate of a process, or of the authority's own. */
  certificate(title: string): CertificateFiles {
    return certificateFiles(this.certificates, title);
  }

  /** What gateways are given: they check tickets and sign none. */
  get publicTicketKey(): string {
    return this.at("ticket-key-public.json");
  }

  get ticketKey(): string {
    return this.at("ticket-key.json");
  }

  /** What a process says. */
  log(name: string): string {
    return this.at("logs", `${name}.log`);
  }
}
