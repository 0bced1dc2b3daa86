import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { type KeyOf, type LabelOf, metricTable } from "./table.js";
import { Count, Tally } from "./tally.js";

/** The metrics of one service instance: what is made here is exposed by `text`. */
export class Metrics {
  readonly #registry = new Registry();

  /** @param server names the instance where several run in one process; a label of all its metrics */
  constructor(server?: string) {
    if (server !== undefined) this.#registry.setDefaultLabels({ server });
  }

  /** Makes a counter without labels. */
  count<Key extends KeyOf<"counter">>(key: Key): Count {
    const count = new Count();
    this.readCounter(key, () => count.value);
    return count;
  }

  /** Makes a counter with one label, of which some values may be known beforehand. */
  tally<Key extends KeyOf<"counter">>(key: Key, label: LabelOf<Key>, values: readonly string[] = []): Tally {
    const { name, help } = metricTable[key];
    const tally = new Tally(values);
    const collect = function (this: Counter<string>) {
      this.reset();
      for (const [value, count] of tally.counts) this.inc({ [label]: value }, count);
    };
    new Counter<string>({ name, help, labelNames: [label], registers: [this.#registry], collect });
    return tally;
  }

  /** Makes a counter with any labels. */
  counter<Key extends KeyOf<"counter">>(key: Key): Counter<LabelOf<Key>> {
    const { name, help, labels } = metricTable[key];
    return new Counter<LabelOf<Key>>({ name, help, labelNames: [...labels], registers: [this.#registry] });
  }

  /** Makes a counter that is kept elsewhere. */
  readCounter<Key extends KeyOf<"counter">>(key: Key, read: () => number): void {
    const { name, help } = metricTable[key];
    const registers = [this.#registry];
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  /** Makes a gauge that is read whenever somebody looks. */
  gauge<Key extends KeyOf<"gauge">>(key: Key, read: () => number): void {
    const { name, help } = metricTable[key];
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** Makes a gauge with one label, read as the numbers by the label's values. */
  gauges<Key extends KeyOf<"gauge">>(
    key: Key,
    label: LabelOf<Key>,
    read: () => Record<string, number>,
  ): void {
    const { name, help } = metricTable[key];
    const collect = function (this: Gauge<string>) {
      for (const [value, number] of Object.entries(read())) this.set({ [label]: value }, number);
    };
    new Gauge<string>({ name, help, labelNames: [label], registers: [this.#registry], collect });
  }

  /** Makes a histogram. */
  histogram<Key extends KeyOf<"histogram">>(key: Key): Histogram<LabelOf<Key>> {
    const { name, help, labels, buckets } = metricTable[key];
    const registers = [this.#registry];
    return new Histogram<LabelOf<Key>>({
      name,
      help,
      labelNames: [...labels],
      buckets: [...buckets],
      registers,
    });
  }

  /** Prometheus' text format (version 0.0.4). */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

/** Content type of the text. */
export const metricsContentType = "text/plain; version=0.0.4; charset=utf-8";

/** The metrics of all instances of a process: samples of one metric stand together under one heading. */
export async function textOf(instances: readonly Pick<Metrics, "text">[]): Promise<string> {
  const texts = await Promise.all(instances.map((instance) => instance.text()));
  const samples = new Map<string, string[]>();
  for (const block of texts.flatMap((text) => text.split("\n\n"))) {
    const [help = "", type = "", ...lines] = block.trim().split("\n");
    const heading = `${help}\n${type}`;
    if (help !== "") samples.set(heading, [...(samples.get(heading) ?? []), ...lines]);
  }
  return [...samples].map(([heading, lines]) => [heading, ...lines, ""].join("\n")).join("\n");
}
