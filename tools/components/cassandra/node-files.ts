import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What tells one node from another. */
export interface NodePlace {
  /** Holds everything of the node. */
  readonly folder: string;
  readonly address: string;
  readonly clientPort: number;
  readonly storagePort: number;
  /** `address:port` of the node by which it finds the others. */
  readonly seed: string;
}

/**
 * The configuration of a small node that loses no acknowledged write when it is killed. It shares its machine
 * with all else, so that it gives up later than a node of a cluster does.
 */
function configurationOf({ folder, address, clientPort, storagePort, seed }: NodePlace): string {
  return `
cluster_name: confab
num_tokens: 1
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
listen_address: ${address}
rpc_address: ${address}
native_transport_port: ${clientPort}
storage_port: ${storagePort}
start_native_transport: true
endpoint_snitch: SimpleSnitch
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "${seed}"
authenticator: AllowAllAuthenticator
authorizer: AllowAllAuthorizer
data_file_directories: [${JSON.stringify(join(folder, "data"))}]
commitlog_directory: ${JSON.stringify(join(folder, "commitlog"))}
saved_caches_directory: ${JSON.stringify(join(folder, "saved_caches"))}
hints_directory: ${JSON.stringify(join(folder, "hints"))}
cdc_raw_directory: ${JSON.stringify(join(folder, "cdc_raw"))}
commitlog_sync: batch
read_request_timeout: 10000ms
range_request_timeout: 10000ms
write_request_timeout: 10000ms
cas_contention_timeout: 10000ms
commitlog_segment_size: 16MiB
commitlog_total_space: 512MiB
memtable_heap_space: 96MiB
memtable_offheap_space: 96MiB
memtable_allocation_type: offheap_buffers
concurrent_reads: 16
concurrent_writes: 32
concurrent_counter_writes: 8
file_cache_size: 64MiB
networking_cache_size: 32MiB
auto_snapshot: false
snapshot_before_compaction: false
`;
}

const logging = `<configuration>
  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%-5level %date{ISO8601} %logger{0} - %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="OUT"/></root>
</configuration>
`;

/** Writes a node's configuration into its folder; says what Java is to be told of it. */
export async function writeNodeFiles(place: NodePlace): Promise<string[]> {
  await mkdir(place.folder, { recursive: true });
  const [configuration, logback] = ["cassandra.yaml", "logback.xml"].map((name) => join(place.folder, name));
  await writeFile(configuration!, configurationOf(place));
  await writeFile(logback!, logging);
  return [
    `-Dcassandra.config=file://${configuration}`,
    `-Dlogback.configurationFile=file:${logback}`,
    `-Dcassandra.storagedir=${place.folder}`,
  ];
}
