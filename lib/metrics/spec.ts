/** One metric, as it is exposed and documented. */
export interface MetricSpec {
  /**
   * By Prometheus' practice (https://prometheus.io/docs/practices/naming): base units, `_total` for what is
   * counted.
   */
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** What one is: a base unit or a kind of thing. */
  readonly unit: string;
  readonly help: string;
  /** Never ids: a label has few values. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in the unit. */
  readonly buckets: readonly number[];
}

interface Counter<Label extends string> extends MetricSpec {
  readonly type: "counter";
  readonly labels: readonly Label[];
}

interface Gauge<Label extends string> extends MetricSpec {
  readonly type: "gauge";
  readonly labels: readonly Label[];
}

interface Histogram<Label extends string> extends MetricSpec {
  readonly type: "histogram";
  readonly labels: readonly Label[];
}

/** Something that is counted; `_total` is put behind its name. */
export function counter<Label extends string = never>(
  name: string,
  unit: string,
  help: string,
  labels: readonly Label[] = [],
): Counter<Label> {
  return { name: `confab_${name}_total`, type: "counter", unit, help, labels, buckets: [] };
}

/** Something that goes up and down. */
export function gauge<Label extends string = never>(
  name: string,
  unit: string,
  help: string,
  labels: readonly Label[] = [],
): Gauge<Label> {
  return { name: `confab_${name}`, type: "gauge", unit, help, labels, buckets: [] };
}

/** How something is distributed. */
export function histogram<Label extends string = never>(
  name: string,
  unit: string,
  help: string,
  buckets: readonly number[],
  labels: readonly Label[] = [],
): Histogram<Label> {
  return { name: `confab_${name}`, type: "histogram", unit, help, labels, buckets };
}
