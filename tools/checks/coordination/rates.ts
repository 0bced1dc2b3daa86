import type { Coordinator } from "../../../lib/coordination/coordinator.js";
import type { Figures } from "../check.js";
import { quantile, round } from "../figures.js";

const key = (number: number) => `key/${number}`;

/** How fast a coordinator is: times in ms, of one writer alone and of many at a time. */
export async function measureRates(
  coordinator: Coordinator,
  { transactions, writers }: { readonly transactions: number; readonly writers: number },
): Promise<Figures> {
  const alone = await measureAlone(coordinator, transactions);
  const began = performance.now();
  const share = Math.ceil(transactions / writers);
  const times = await Promise.all(
    Array.from({ length: writers }, (_, writer) => replaceRepeatedly(coordinator, writer, share)),
  );
  const seconds = (performance.now() - began) / 1000;
  return {
    ...alone,
    writers,
    transactionsPerSecond: Math.round((share * writers) / seconds),
    transactionMsP50: round(quantile(times.flat(), 0.5), 2),
    transactionMsP99: round(quantile(times.flat(), 0.99), 2),
  };
}

/** One writer, one watcher: from when a write was sent until it was answered, and until it was heard of. */
async function measureAlone(coordinator: Coordinator, transactions: number): Promise<Figures> {
  const heard = new Map<string, (at: number) => void>();
  let begun = () => {};
  const ready = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const watch = coordinator.watch("watched", {
    snapshot: () => begun(),
    changed: (puts) => {
      for (const { value } of puts) heard.get(value)?.(performance.now());
    },
  });
  await ready;
  const [answered, told]: [number[], number[]] = [[], []];
  for (let i = 0; i < transactions; i++) {
    const hearing = new Promise<number>((resolve) => heard.set(String(i), resolve));
    const sent = performance.now();
    await coordinator.transact({ put: [{ key: "watched", value: String(i) }] });
    answered.push(performance.now() - sent);
    told.push((await hearing) - sent);
    heard.delete(String(i));
  }
  watch.cancel();
  return {
    aloneMsP50: round(quantile(answered, 0.5), 2),
    aloneMsP99: round(quantile(answered, 0.99), 2),
    watchMsP50: round(quantile(told, 0.5), 2),
    watchMsP99: round(quantile(told, 0.99), 2),
  };
}

/** Replaces a value of one's own again and again, each time only if nobody else did; the times in ms. */
async function replaceRepeatedly(coordinator: Coordinator, writer: number, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0, revision = 0; i < count; i++) {
    const sent = performance.now();
    const put = [{ key: key(writer), value: String(i) }];
    const next = await coordinator.transact({ when: [{ key: key(writer), revision }], put });
    if (next === undefined) throw new Error(`somebody else wrote ${key(writer)}`);
    times.push(performance.now() - sent);
    revision = next;
  }
  return times;
}
