import { z } from "zod";

/** Where to listen or whom to reach. */
export interface Address {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/** `host:port`, an IPv6 host in brackets; the host is given without them. Undefined if it is none. */
export function parseAddress(text: string): Address | undefined {
  const [, ipv6, name, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s/]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = ipv6 ?? name;
  const port = Number(digits);
  return host && port <= 65_535 ? { host, port } : undefined;
}

/** A variable that holds `host:port`. */
export function addressText() {
  return z.string().refine((text) => parseAddress(text), "must be host:port");
}

/** A variable that holds names separated by commas. */
export function nameList() {
  return z.string().transform((text) =>
    text
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
  );
}

/** The same host with another port. */
export function withPort(address: string, port: number): string {
  return address.replace(/:\d+$/, `:${port}`);
}
