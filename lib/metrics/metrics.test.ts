import assert from "node:assert/strict";
import { ManualClock } from "../clock/manual-clock.js";
import { Metrics, textOf } from "./metrics.js";
import { ProcessMetrics } from "./process-metrics.js";
import { metricTable } from "./table.js";

describe("metrics", () => {
  it("are exposed as they are when somebody looks", async () => {
    const metrics = new Metrics();
    const posts = metrics.count("posts");
    const reads = metrics.tally("reads", "source", ["memory"]);
    let slots = 1;
    metrics.gauge("ownedSlots", () => slots);
    assert.match(await metrics.text(), /confab_channel_posts_total 0\n/);
    posts.add(2);
    reads.add("store", 3);
    slots = 4;
    const text = await metrics.text();
    assert.equal(text, await metrics.text());
    const samples = text.split("\n").filter((line) => line.startsWith("confab_"));
    assert.deepEqual(samples, [
      "confab_channel_posts_total 2",
      'confab_channel_read_events_total{source="memory"} 0',
      'confab_channel_read_events_total{source="store"} 3',
      "confab_channel_owned_slots 4",
    ]);
  });

  it("of several instances stand under one heading, told apart by the server", async () => {
    const [one, other] = [new Metrics("a"), new Metrics("b")];
    one.count("posts").add(1);
    other.count("posts").add(2);
    other.histogram("appendRows").observe(3);
    const text = await textOf([one, other]);
    const heading = "# HELP confab_channel_posts_total Messages stored and confirmed.";
    assert.equal(text.split(heading).length, 2);
    const samples = 'confab_channel_posts_total{server="a"} 1\nconfab_channel_posts_total{server="b"} 2\n\n';
    assert.ok(text.startsWith(`${heading}\n# TYPE confab_channel_posts_total counter\n${samples}`), text);
    assert.match(text, /confab_channel_append_rows_bucket\{le="4",server="b"\} 1\n/);
  });

  it("of a process tell how late its timers are, until they are closed", async () => {
    const clock = new ManualClock();
    const metrics = new Metrics();
    const measured = new ProcessMetrics(metrics, clock);
    clock.advance(1000);
    assert.match(await metrics.text(), /confab_event_loop_lag_seconds_count 10\n/);
    assert.match(await metrics.text(), /confab_process_resident_memory_bytes [1-9]\d{6}/);
    measured.close();
    measured.close();
    clock.advance(1000);
    assert.match(await metrics.text(), /confab_event_loop_lag_seconds_count 10\n/);
  });
});

describe("the table of metrics", () => {
  const all = Object.values(metricTable);

  it("names each once, by Prometheus' practice", () => {
    assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
    for (const { name, type, unit, help, labels, buckets } of all) {
      assert.match(name, /^confab_[a-z]+(_[a-z]+)*$/);
      assert.equal(name.endsWith("_total"), type === "counter", name);
      for (const base of ["seconds", "bytes"] as const) {
        assert.equal(new RegExp(`_${base}(_total)?$`).test(name), unit === base, name);
      }
      assert.doesNotMatch(name, /milli|micro|_ms|count$|histogram|gauge/);
      assert.match(help, /^[A-Z].*\.$/, name);
      for (const label of labels)
        assert.match(label, /^(method|code|limit|operation|outcome|reason|source|state)$/);
      assert.equal(buckets.length > 0, type === "histogram", name);
      assert.deepEqual(
        buckets,
        [...buckets].sort((a, b) => a - b),
        name,
      );
    }
  });
});
