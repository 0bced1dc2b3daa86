import { ChannelCredentials, type ChannelOptions, ServerCredentials } from "@grpc/grpc-js";
import { certificateNameOf, type Identity, type ServiceName } from "./identity.js";

/** How a gRPC server is reached: by TLS for those who show a certificate of the mesh, or in plain text. */
export function serverCredentials(identity: Identity | undefined): ServerCredentials {
  if (!identity) return ServerCredentials.createInsecure();
  const pair = { cert_chain: identity.certificate, private_key: identity.key };
  return ServerCredentials.createSsl(identity.authority, [pair], true);
}

/** How a service reaches others by gRPC. */
export function clientCredentials(identity: Identity | undefined): ChannelCredentials {
  if (!identity) return ChannelCredentials.createInsecure();
  return ChannelCredentials.createSsl(identity.authority, identity.key, identity.certificate);
}

/** Options of a gRPC connection to a service: its certificate is checked by its name, not by its address. */
export function peerOptions(identity: Identity | undefined, service: ServiceName): ChannelOptions {
  return identity ? { "grpc.ssl_target_name_override": certificateNameOf(service) } : {};
}
