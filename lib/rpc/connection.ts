import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import { ChannelCredentials, type ChannelOptions } from "@grpc/grpc-js";
import { parseAddress } from "../config/values.js";

/** How a gRPC client connects. */
export interface Connection {
  readonly credentials: ChannelCredentials;
  readonly options: ChannelOptions;
}

/**
 * The way to a server that wants no certificate of its clients.
 *
 * @param address `host:port`; the certificate must be for that host
 * @param ca certificates in PEM of who must have signed it; plain text without
 */
export function connectionTo(address: string, ca: string | undefined): Connection {
  if (ca === undefined) return { credentials: ChannelCredentials.createInsecure(), options: {} };
  const host = parseAddress(address)?.host ?? "";
  if (!isIP(host)) return { credentials: ChannelCredentials.createSsl(Buffer.from(ca)), options: {} };
  // Where a handshake asks for an address as if it were a name, which RFC 6066 (3) forbids, Node warns. So it
  // asks for another name, and the certificate is checked for the address all the same.
  const check = {
    checkServerIdentity: (_name: string, shown: PeerCertificate) => checkServerIdentity(host, shown),
  };
  return {
    credentials: ChannelCredentials.createSsl(Buffer.from(ca), null, null, check),
    options: { "grpc.ssl_target_name_override": "localhost" },
  };
}
