const callMsMax = 2_000;

/** Has Envoy take no new connections; those that are there stay. Whether it could be told does not matter. */
export async function drainEnvoy(administration: string): Promise<void> {
  const signal = AbortSignal.timeout(callMsMax);
  await fetch(`${administration}/drain_listeners`, { method: "POST", signal }).catch(() => {});
}
