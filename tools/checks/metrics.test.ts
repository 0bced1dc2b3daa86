import assert from "node:assert/strict";
import { MetricsSnapshot } from "./metrics.js";

describe("a snapshot of metrics", () => {
  const snapshot = new MetricsSnapshot(
    [
      "# HELP a_total Things.",
      "# TYPE a_total counter",
      'a_total{source="ring",server="one"} 2',
      'a_total{source="store",server="one"} 30',
      'a_total{source="ring",server="two"} 500',
      "b_bytes 1.5e+06",
      "",
    ].join("\n"),
  );

  it("sums the samples with the labels that are asked for", () => {
    assert.equal(snapshot.sum("a_total"), 532);
    assert.equal(snapshot.sum("a_total", { source: "ring" }), 502);
    assert.equal(snapshot.sum("a_total", { source: "ring", server: "two" }), 500);
    assert.equal(snapshot.sum("b_bytes"), 1_500_000);
  });

  it("does not take a metric that is not there for 0", () => {
    assert.throws(() => snapshot.sum("c_total"), /no metric c_total/);
    assert.throws(() => snapshot.sum("a_total", { source: "owner" }), /no metric/);
  });
});
