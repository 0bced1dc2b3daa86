const loopback = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Makes the check of `Host` headers: only names of loopback and those given. It keeps a web page from
 * reaching a server on loopback under a name of its own (DNS rebinding).
 */
export function makeHostCheck(names: readonly string[]): (header: string | undefined) => boolean {
  const allowed = new Set([...loopback, ...names].map((name) => name.toLowerCase()));
  return (header) => {
    const [, name] = /^(\[[0-9a-f:.]+\]|[^:[\]]+?)\.?(?::\d+)?$/.exec(header?.toLowerCase() ?? "") ?? [];
    return name !== undefined && allowed.has(name);
  };
}

/** Whether the peer of a socket is on this machine. */
export function isLoopbackAddress(address: string | undefined): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address ?? "");
}
