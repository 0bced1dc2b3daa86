import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { componentFolder } from "../../tools/components/find.js";
import { until } from "./until.js";

const clustersSchema = z.object({
  cluster_statuses: z.array(
    z.object({
      name: z.string(),
      host_statuses: z
        .array(
          z.object({
            address: z.object({ socket_address: z.object({ port_value: z.number() }) }),
            health_status: z.looseObject({ failed_active_health_check: z.boolean().default(false) }),
          }),
        )
        .default([]),
    }),
  ),
});

const program = () => join(componentFolder("envoy"), "envoy");
const common = ["--use-dynamic-base-id", "--log-level", "warning"];

/** A line of the access log; absent is what the request did not have. */
export type AccessLogLine = Readonly<Record<string, unknown>>;

/** What Envoy says of a configuration that it does not like, or warns of; empty if it is good. */
export function validateConfig(file: string): string {
  const { stdout, stderr } = spawnSync(program(), ["--mode", "validate", "--config-path", file, ...common], {
    encoding: "utf8",
  });
  return `${stdout}${stderr}`.replace(/^configuration '.*' OK\n/m, "").trim();
}

/** Envoy as a process of its own. */
export class EnvoyProcess {
  /** Lines of the access log so far. */
  readonly accessLog: AccessLogLine[] = [];
  #errors = "";

  private constructor(
    private readonly child: ChildProcess,
    private readonly administration: string,
  ) {
    createInterface({ input: child.stdout! }).on("line", (line) => this.accessLog.push(JSON.parse(line)));
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#errors += text;
    });
  }

  /** @param administration `host:port` as in the configuration */
  static async start(folder: string, config: string, administration: string): Promise<EnvoyProcess> {
    const file = join(folder, "envoy.yaml");
    await writeFile(file, config);
    const args = ["--config-path", file, "--concurrency", "1", "--file-flush-interval-msec", "20", ...common];
    const child = spawn(program(), args, { stdio: ["ignore", "pipe", "pipe"] });
    const envoy = new EnvoyProcess(child, administration);
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`Envoy ended: ${envoy.#errors}`);
      return envoy.ask("/ready").then(
        (text) => (text === "LIVE\n" ? undefined : text),
        (error) => String(error.cause ?? error),
      );
    }).catch(async (error) => {
      await envoy.stop();
      throw error;
    });
    return envoy;
  }

  /** What Envoy complained of. */
  get errors(): string {
    return this.#errors;
  }

  /** Asks the administration. */
  async ask(path: string): Promise<string> {
    return (await fetch(`http://${this.administration}${path}`)).text();
  }

  /** A counter or gauge, 0 if there is none by this name. */
  async stat(name: string): Promise<number> {
    const text = await this.ask(`/stats?filter=^${name.replaceAll(".", "\\.")}$`);
    return Number(/: (\d+)/.exec(text)?.[1] ?? 0);
  }

  /** Resolves once Envoy finds a server of a cluster fit, or not. */
  untilHealth(cluster: string, port: number, isFit: boolean): Promise<void> {
    return until(async () => {
      const { cluster_statuses } = clustersSchema.parse(JSON.parse(await this.ask("/clusters?format=json")));
      const hosts = cluster_statuses.find(({ name }) => name === cluster)?.host_statuses ?? [];
      const host = hosts.find(({ address }) => address.socket_address.port_value === port);
      const is = host ? !host.health_status.failed_active_health_check : undefined;
      return is === isFit ? undefined : `${cluster} at ${port} is fit: ${is}`;
    });
  }

  /** Resolves with the first line of the access log that is looked for. */
  async line(isIt: (line: AccessLogLine) => boolean): Promise<AccessLogLine> {
    await until(() =>
      this.accessLog.some(isIt) ? undefined : `no such line in ${JSON.stringify(this.accessLog)}`,
    );
    return this.accessLog.find(isIt)!;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, "exit");
    this.child.kill("SIGTERM");
    await exit;
  }
}
