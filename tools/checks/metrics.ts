import { request, type Server } from "./server.js";

/** One sample of a metric. */
interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

/** What a server said of itself at one moment. */
export class MetricsSnapshot {
  readonly #samples: readonly Sample[];

  /** @param text in Prometheus' text format */
  constructor(text: string) {
    this.#samples = text.split("\n").flatMap((line) => parseSample(line) ?? []);
  }

  static async read(server: Pick<Server, "url" | "ca">): Promise<MetricsSnapshot> {
    const answer = await request(server, "/metrics");
    if (!answer.ok) throw new Error(`/metrics answered ${answer.status}`);
    return new MetricsSnapshot(await answer.text());
  }

  /**
   * Sum over all samples with these labels.
   *
   * @throws Error if there is none: a name that changed is no zero
   */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    const wanted = Object.entries(labels);
    const found = this.#samples.filter(
      (sample) =>
        sample.name === name && wanted.every(([label, value]) => sample.labels.get(label) === value),
    );
    if (found.length === 0) throw new Error(`the server has no metric ${name} ${JSON.stringify(labels)}`);
    return found.reduce((sum, { value }) => sum + value, 0);
  }
}

function parseSample(line: string): Sample | undefined {
  const [, name, labels = "", value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
  if (name === undefined) return undefined;
  const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(
    ([, label = "", text = ""]) => [label, text] as const,
  );
  return { name, labels: new Map(pairs), value: Number(value) };
}
