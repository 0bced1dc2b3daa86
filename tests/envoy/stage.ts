import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificateNameOf, type Identity, type ServiceName } from "../../lib/tls/identity.js";
import { type CertificateFiles, DevelopmentAuthority } from "../../tools/certificates/authority.js";
import { findComponent, howToGet } from "../../tools/components/find.js";
import { type EnvoySite, renderEnvoy } from "../../tools/mesh/envoy/render.js";
import { freePort } from "../../tools/testing/free-ports.js";
import { needs } from "../needs.js";
import { Clients } from "./clients.js";
import { EnvoyProcess } from "./envoy-process.js";
import { GrpcUpstream } from "./grpc-upstream.js";
import { HttpsUpstream } from "./https-upstream.js";
import { OtlpCollector } from "./otlp-collector.js";

/** Skips the suite if there is no Envoy. */
export function needsEnvoy(): void {
  needs("envoy", howToGet("envoy"), () => findComponent("envoy") !== undefined);
}

/** What Envoys of a test differ by. */
interface EnvoyOptions {
  readonly upstreams?: Partial<Record<keyof EnvoySite["upstreams"], readonly { readonly port: number }[]>>;
  readonly otlp?: OtlpCollector;
  readonly sampling?: number;
  /** Texts of the configuration to put others in place of. */
  readonly edits?: readonly (readonly [from: string, to: string])[];
}

/** An Envoy that runs, and how it is reached. */
export interface RunningEnvoy {
  readonly envoy: EnvoyProcess;
  readonly clients: Clients;
  readonly administration: string;
}

/** A folder with certificates, servers of a mesh, and Envoys in front of them. */
export class EnvoyStage {
  readonly #closers: (() => Promise<void> | void)[] = [];

  private constructor(
    readonly folder: string,
    private readonly authority: DevelopmentAuthority,
  ) {}

  static async open(): Promise<EnvoyStage> {
    const folder = await mkdtemp(join(tmpdir(), "confab-envoy-"));
    return new EnvoyStage(folder, await DevelopmentAuthority.open(folder));
  }

  /** Ends everything, the latest first. */
  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
    await rm(this.folder, { recursive: true, force: true });
  }

  async https(name: string, service: ServiceName): Promise<HttpsUpstream> {
    const upstream = await HttpsUpstream.start(name, await this.#identity(service));
    this.#closers.push(() => upstream.stop());
    return upstream;
  }

  async grpc(name: string, service: ServiceName): Promise<GrpcUpstream> {
    const upstream = await GrpcUpstream.start(name, await this.#identity(service));
    this.#closers.push(() => upstream.stop());
    return upstream;
  }

  async collector(): Promise<OtlpCollector> {
    const collector = await OtlpCollector.start();
    this.#closers.push(() => collector.stop());
    return collector;
  }

  /** What an Envoy on this stage is rendered from. */
  async site(options: EnvoyOptions = {}): Promise<EnvoySite> {
    const addresses = (name: keyof EnvoySite["upstreams"]) =>
      (options.upstreams?.[name] ?? []).map(({ port }) => `127.0.0.1:${port}`);
    return {
      listen: `127.0.0.1:${await freePort()}`,
      administration: `127.0.0.1:${await freePort()}`,
      edge: await this.authority.issue("edge", ["localhost", "127.0.0.1"]),
      identity: { ...(await this.#envoyFiles()), authority: this.authority.file },
      upstreams: {
        web: addresses("web"),
        admin: addresses("admin"),
        gatewaySockets: addresses("gatewaySockets"),
        gatewayStreams: addresses("gatewayStreams"),
      },
      otlp: options.otlp && `127.0.0.1:${options.otlp.port}`,
      sampling: options.sampling ?? 100,
    };
  }

  async envoy(options: EnvoyOptions = {}): Promise<RunningEnvoy> {
    const site = await this.site(options);
    const { administration, listen } = site;
    const config = edit(renderEnvoy(site), options.edits ?? []);
    const folder = await mkdtemp(join(this.folder, "run-"));
    const envoy = await EnvoyProcess.start(folder, config, administration);
    this.#closers.push(() => envoy.stop());
    const ca = await readFile(this.authority.file);
    return { envoy, administration, clients: new Clients(Number(listen.split(":")[1]), ca) };
  }

  #envoyFiles(): Promise<CertificateFiles> {
    return this.authority.issue("envoy", ["envoy.confab"]);
  }

  async #identity(service: ServiceName): Promise<Identity> {
    const files = await this.authority.issue(service, [certificateNameOf(service)]);
    const [authority, certificate, key] = await Promise.all(
      [this.authority.file, files.certificate, files.key].map((file) => readFile(file)),
    );
    return { authority: authority!, certificate: certificate!, key: key! };
  }
}

function edit(text: string, edits: readonly (readonly [from: string, to: string])[]): string {
  return edits.reduce((edited, [from, to]) => {
    assert.ok(edited.includes(from), `the configuration has no ${from}`);
    return edited.replaceAll(from, to);
  }, text);
}
