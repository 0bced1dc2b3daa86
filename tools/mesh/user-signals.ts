const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** npm passes on the Ctrl-C that its child has had already: what comes so soon is not another one, in ms. */
const sameMsMax = 500;

/** What the user tells this process of its end. */
export interface UserSignals {
  /** Aborts when it is asked to end. */
  readonly asked: AbortSignal;
  /** Aborts when it is asked once more. */
  readonly hurried: AbortSignal;
  /** Listens no more. */
  close(): void;
}

/** Listens to signals from the terminal or a supervisor. */
export function userSignals(now: () => number = () => performance.now()): UserSignals {
  const [asked, hurried] = [new AbortController(), new AbortController()];
  let askedAt = 0;
  const heard = () => {
    if (!asked.signal.aborted) {
      askedAt = now();
      asked.abort();
    } else if (now() - askedAt > sameMsMax) hurried.abort();
  };
  for (const name of names) process.on(name, heard);
  return {
    asked: asked.signal,
    hurried: hurried.signal,
    close: () => {
      for (const name of names) process.off(name, heard);
    },
  };
}
