import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTicketKey } from "../../lib/auth/ticket-keys.js";
import { makeToken } from "../../lib/auth/token.js";
import { newKeyspace } from "../../lib/store/cassandra/test-store.js";
import { certificateNameOf, type ServiceName } from "../../lib/tls/identity.js";
import { DevelopmentAuthority } from "../../tools/certificates/authority.js";
import { type ContactPoint, localDatacenter } from "../../tools/components/cassandra/server.js";
import { EtcdServer } from "../../tools/components/etcd/server.js";
import { freePort } from "../../tools/testing/free-ports.js";
import { freshPrefix, openEtcd } from "../etcd/etcd-stage.js";
import { Collector } from "./collector.js";
import { ServiceProcess } from "./service-process.js";

/** Files with which a peer proves itself. */
export interface PeerFiles {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** What services need around them: etcd, tables, certificates and a key for tickets. */
export class ProgramStage {
  readonly token = makeToken();
  readonly #prefix = freshPrefix();
  readonly #keyspace = newKeyspace();
  readonly #started: ServiceProcess[] = [];
  #folder = "";
  #etcd: EtcdServer | undefined;
  #authority!: DevelopmentAuthority;
  socketPort = 0;
  /** Gets all traces. */
  readonly collector = new Collector();
  #collectorUrl = "";

  constructor(private readonly cassandra: () => { readonly contactPoints: readonly ContactPoint[] }) {}

  /** Starts etcd and makes the tables, with a first user who has the token. */
  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "confab-programs-"));
    this.#authority = await DevelopmentAuthority.open(join(this.#folder, "certificates"));
    await createTicketKey(this.#ticketKey);
    this.socketPort = await freePort();
    this.#collectorUrl = await this.collector.start();
    this.#etcd = await EtcdServer.alone(this.#folder);
    await this.#etcd.start();
  }

  /** Makes the tables, by the program that does so. */
  migrate(): ServiceProcess {
    return this.#keep(
      new ServiceProcess("migrate", {
        ...this.#ofCassandra(),
        CONFAB_REPLICATION: "1",
        CONFAB_FIRST_TOKEN: this.token,
      }),
    );
  }

  /** Starts a service on free ports. */
  async service(service: ServiceName, more: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    return this.#keep(new ServiceProcess(service, { ...(await this.variables(service)), ...more }));
  }

  /** What a service is told, apart from the addresses of others. */
  async variables(service: ServiceName): Promise<Record<string, string>> {
    const files = await this.files(service, certificateNameOf(service));
    return {
      ...this.#ofCassandra(),
      CONFAB_ETCD_ENDPOINTS: this.#etcd!.url,
      CONFAB_ETCD_PREFIX: this.#prefix,
      CONFAB_TLS_AUTHORITY: files.authority,
      CONFAB_TLS_CERTIFICATE: files.certificate,
      CONFAB_TLS_KEY: files.key,
      CONFAB_OBSERVATION_ADDRESS: "127.0.0.1:0",
      CONFAB_TRACING_ENDPOINT: this.#collectorUrl,
      ...this.#own[service],
    };
  }

  /** The files of a peer with a certificate of the mesh. */
  async files(title: string, name: string): Promise<PeerFiles> {
    return { authority: this.#authority.file, ...(await this.#authority.issue(title, [name])) };
  }

  /** The files of a peer of another mesh, which it believes though. */
  async strangerFiles(name: string): Promise<PeerFiles> {
    const other = await DevelopmentAuthority.open(join(this.#folder, "strangers"));
    return { ...(await other.issue("stranger", [name])), authority: this.#authority.file };
  }

  /** The keys in etcd below one. */
  async keys(below: string): Promise<string[]> {
    const coordinator = openEtcd([this.#etcd!.url], { prefix: this.#prefix });
    try {
      return (await coordinator.read(below)).map(({ key }) => key);
    } finally {
      await coordinator.close();
    }
  }

  /** Ends all that was started. */
  async close(): Promise<void> {
    await Promise.all(this.#started.reverse().map((process) => process.end()));
    this.collector.close();
    await this.#etcd?.stop();
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }

  get #ticketKey(): string {
    return join(this.#folder, "ticket-key.json");
  }

  /** What only some services are told. */
  get #own(): Readonly<Record<ServiceName, Record<string, string>>> {
    const somewhere = { CONFAB_ADDRESS: "127.0.0.1:0" };
    const faces = { CONFAB_TICKET_KEY: this.#ticketKey, CONFAB_DRAIN_MS: "0" };
    return {
      charm: { CONFAB_MEMBER_ID: "charm-1" },
      channel: { CONFAB_MEMBER_ID: "channel-1", ...somewhere },
      admin: { ...somewhere, ...faces },
      web: { ...somewhere, ...faces },
      gateway: {
        ...faces,
        CONFAB_MEMBER_ID: "gateway-1",
        CONFAB_ADDRESS: `127.0.0.1:${this.socketPort}`,
        CONFAB_STREAM_ADDRESS: "127.0.0.1:0",
        CONFAB_PUBLIC_URL: `wss://127.0.0.1:${this.socketPort}/v1/socket`,
        CONFAB_REGION: "here",
      },
    };
  }

  #ofCassandra(): Record<string, string> {
    return {
      CONFAB_CASSANDRA_CONTACT_POINTS: this.cassandra()
        .contactPoints.map(({ host, port }) => `${host}:${port}`)
        .join(","),
      CONFAB_CASSANDRA_DATACENTER: localDatacenter,
      CONFAB_CASSANDRA_KEYSPACE: this.#keyspace,
      CONFAB_CASSANDRA_ALLOW_DATA_LOSS: "true",
    };
  }

  #keep(process: ServiceProcess): ServiceProcess {
    this.#started.push(process);
    return process;
  }
}
