/** How to start one process of a component. */
export interface Launch {
  /** Tells the processes of a component apart, as in `etcd-2`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Its program ends when the process that started it ends, and so needs somebody between the two. */
  readonly endsWithParent?: boolean;
  /** Where it can be reached once it is ready, by what for. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Resolves with why it is not ready yet, or undefined once it is. */
  whyNotReady(): Promise<string | undefined>;
}

/** What a launch is made from. */
export interface LaunchOptions {
  /** Where the component's files are. */
  readonly folder: string;
  /** A folder of its own for data, which may hold data of earlier runs. */
  readonly data: string;
  /** How many processes, where it can be several. */
  readonly members: number;
  /** First of the ports that it listens at on loopback, instead of the usual ones. */
  readonly port: number | undefined;
  /** A file with its configuration, where it takes one. */
  readonly config: string | undefined;
}

/** How a component is run. */
export interface Server {
  readonly membersMax: number;
  /** Processes to start, one after the other. */
  launches(options: LaunchOptions): Launch[] | Promise<Launch[]>;
}

/** The ports of a server: the usual ones, or those from `first` on in the same order. */
export function portsFrom<Name extends string>(
  usual: Readonly<Record<Name, number>>,
  first: number | undefined,
): Record<Name, number> {
  const ports: Record<Name, number> = { ...usual };
  if (first === undefined) return ports;
  for (const [i, name] of (Object.keys(usual) as Name[]).entries()) ports[name] = first + i;
  return ports;
}

/** Asks a URL; anything but a good answer is why the server is not ready. */
export async function whyNotGood(url: string): Promise<string | undefined> {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return status === 200 ? undefined : `${url} answers ${status}`;
  } catch (error) {
    return `${url} does not answer: ${error instanceof Error ? error.message : error}`;
  }
}
