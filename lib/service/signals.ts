const names = ["SIGINT", "SIGTERM"] as const;

/** What the process is told from outside about its end. */
export interface EndSignals {
  /** Resolves when it is asked to end. */
  readonly asked: Promise<void>;
  /** Aborts when it is asked once more: it shall wait for nobody. */
  readonly hurry: AbortSignal;
}

/** Listens for signals. From the third one on they do what they do without that: end the process. */
export function endSignals(): EndSignals {
  const [asked, hurry] = [new AbortController(), new AbortController()];
  const heard = () => {
    if (!asked.signal.aborted) return asked.abort();
    hurry.abort();
    for (const name of names) process.off(name, heard);
  };
  for (const name of names) process.on(name, heard);
  const isAsked = new Promise<void>((resolve) => asked.signal.addEventListener("abort", () => resolve()));
  return { asked: isAsked, hurry: hurry.signal };
}
