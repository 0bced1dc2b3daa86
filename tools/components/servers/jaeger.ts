import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Launch, type LaunchOptions, portsFrom, type Server, whyNotGood } from "./launch.js";

const usualPorts = { query: 16686, queryGrpc: 16685, otlpGrpc: 4317, otlpHttp: 4318, health: 13133 };
type Ports = typeof usualPorts;

/** Most traces that are kept, in memory. */
const tracesMax = 100_000;

/** Jaeger with traces in memory, or with a configuration of the caller's at the usual ports. */
export const jaeger: Server = { membersMax: 1, launches };

function launches({ folder, data, config, port }: LaunchOptions): Launch[] {
  const ports = portsFrom(usualPorts, port);
  const file = join(data, "jaeger.json");
  if (!config) writeFileSync(file, JSON.stringify(configOf(ports)));
  return [
    {
      name: "jaeger",
      command: join(folder, "jaeger"),
      args: ["--config", config ?? file],
      addresses: { query: `http://127.0.0.1:${ports.query}`, "OTLP by gRPC": `127.0.0.1:${ports.otlpGrpc}` },
      whyNotReady: () => whyNotGood(`http://127.0.0.1:${ports.health}/status`),
    },
  ];
}

function configOf({ query, queryGrpc, otlpGrpc, otlpHttp, health }: Ports): object {
  const at = (port: number) => ({ endpoint: `127.0.0.1:${port}` });
  return {
    service: {
      extensions: ["jaeger_storage", "jaeger_query", "healthcheckv2"],
      pipelines: {
        traces: { receivers: ["otlp"], processors: ["batch"], exporters: ["jaeger_storage_exporter"] },
      },
      telemetry: { metrics: { level: "none" }, logs: { level: "warn" } },
    },
    extensions: {
      jaeger_storage: { backends: { memory: { memory: { max_traces: tracesMax } } } },
      jaeger_query: { storage: { traces: "memory" }, http: at(query), grpc: at(queryGrpc) },
      healthcheckv2: { use_v2: true, http: at(health) },
    },
    receivers: { otlp: { protocols: { grpc: at(otlpGrpc), http: at(otlpHttp) } } },
    processors: { batch: { timeout: "200ms" } },
    exporters: { jaeger_storage_exporter: { trace_storage: "memory" } },
  };
}
