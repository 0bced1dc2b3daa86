import type { PeerCertificate } from "node:tls";
import { certificateNameOf, type ServiceName } from "../tls/identity.js";

/** Services that have something to say to channel servers. */
const welcome: readonly ServiceName[] = ["admin", "gateway", "channel", "charm"];

/** Whether the certificate, believed already, is one of a service that may use what a listener offers. */
export function isWelcome(certificate: Pick<PeerCertificate, "subjectaltname"> | undefined): boolean {
  const names = certificate?.subjectaltname?.split(", ") ?? [];
  return welcome.some((service) => names.includes(`DNS:${certificateNameOf(service)}`));
}
