import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type EnvoySite, renderEnvoy } from "./render.js";

const site: EnvoySite = {
  listen: "127.0.0.2:1",
  administration: "127.0.0.3:2",
  edge: { certificate: "edge.pem", key: "edge-key.pem" },
  identity: { certificate: "envoy.pem", key: "envoy-key.pem", authority: "authority.pem" },
  upstreams: {
    web: ["10.0.0.1:80", "10.0.0.2:80"],
    admin: ["10.0.0.3:81"],
    gatewaySockets: ["[::1]:82"],
    gatewayStreams: ["10.0.0.5:83"],
  },
  otlp: "10.0.0.6:5317",
  sampling: 12.5,
};

const source: unknown = parse(readFileSync("envoy/envoy.yaml", "utf8"));

describe("the renderer of Envoy's configuration", () => {
  it("replaces addresses, files, servers and sampling, and nothing else", () => {
    assert.deepEqual(differences(source, parse(renderEnvoy(site))), [
      "admin.address.socket_address.address: 127.0.0.3",
      "admin.address.socket_address.port_value: 2",
      "static_resources.listeners.0.address.socket_address.address: 127.0.0.2",
      "static_resources.listeners.0.address.socket_address.port_value: 1",
      ...[
        "common_tls_context.tls_certificates.0.certificate_chain.filename: edge.pem",
        "common_tls_context.tls_certificates.0.private_key.filename: edge-key.pem",
      ].map((rest) => `static_resources.listeners.0.filter_chains.0.transport_socket.typed_config.${rest}`),
      "static_resources.listeners.0.filter_chains.0.filters.0.typed_config.tracing.provider.typed_config" +
        ".sampler.typed_config.wrapped_sampler.typed_config.sampling_percentage.numerator: 125000",
      ...[["10.0.0.1:80", "10.0.0.2:80"], ["10.0.0.3:81"], ["::1:82"], ["10.0.0.5:83"]].flatMap(
        (addresses, index) => ofCluster(index, addresses, true),
      ),
      ...ofCluster(4, ["10.0.0.6:5317"], false),
    ]);
  });

  it("leaves tracing out where there is no collector", () => {
    const { otlp: _, ...rest } = site;
    const config = parse(renderEnvoy(rest));
    assert.equal(config.static_resources.clusters.length, 4);
    assert.ok(!("tracing" in config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config));
  });

  it("refuses what is no address", () => {
    assert.throws(() => renderEnvoy({ ...site, listen: "8443" }), /8443 is not host:port/);
  });
});

function ofCluster(index: number, addresses: readonly string[], isSecure: boolean): string[] {
  const at = `static_resources.clusters.${index}`;
  const endpoints = addresses.flatMap((text, number) => {
    const colon = text.lastIndexOf(":");
    const socket = `${at}.load_assignment.endpoints.0.lb_endpoints.${number}.endpoint.address.socket_address`;
    return [`${socket}.address: ${text.slice(0, colon)}`, `${socket}.port_value: ${text.slice(colon + 1)}`];
  });
  const context = `${at}.transport_socket.typed_config.common_tls_context`;
  const files = [
    `${context}.tls_certificates.0.certificate_chain.filename: envoy.pem`,
    `${context}.tls_certificates.0.private_key.filename: envoy-key.pem`,
    `${context}.validation_context.trusted_ca.filename: authority.pem`,
  ];
  return [`${at}.cluster_type: gone`, ...endpoints, ...(isSecure ? files : []), `${at}.type: STATIC`];
}

/** Where two values differ, and what the second has there; in the order of the first. */
function differences(from: unknown, to: unknown, path = ""): string[] {
  if (to === undefined) return [`${path}: gone`];
  if (typeof to !== "object" || to === null) return from === to ? [] : [`${path}: ${to}`];
  const before = (typeof from === "object" && from !== null ? from : {}) as Record<string, unknown>;
  const after = to as Record<string, unknown>;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    differences(before[key], after[key], path ? `${path}.${key}` : key),
  );
}
