import assert from "node:assert/strict";
import { ManualClock } from "../../clock/manual-clock.js";
import { Silences, silenceMsMax } from "./silences.js";

describe("the silence of etcd", () => {
  let clock: ManualClock;
  let words: string[];
  let silences: Silences;
  beforeEach(() => {
    clock = new ManualClock();
    words = [];
    const note = (level: string) => (details: object) => {
      words.push(`${level} ${(details as { prefix: string }).prefix}`);
    };
    const log = { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
    silences = new Silences(clock, log);
  });

  it("is told once for all watches, and once that all are answered again", () => {
    const [one, other] = [silences.listen("one"), silences.listen("other")];
    clock.advance(silenceMsMax - 1);
    other.heard();
    assert.deepEqual(words, []);
    clock.advance(10 * silenceMsMax);
    assert.deepEqual(words.splice(0), ["warn one"]);
    one.heard();
    assert.deepEqual(words, []);
    other.heard();
    assert.deepEqual(words.splice(0), ["info other"]);
    clock.advance(silenceMsMax - 1);
    for (const silence of [one, other]) silence.heard();
    assert.deepEqual(words, []);
    clock.advance(silenceMsMax);
    assert.deepEqual(words.splice(0), ["warn one"]);
    for (const silence of [one, other]) silence.end();
  });

  it("of a watch that is over means nothing", () => {
    silences.listen("one").end();
    const other = silences.listen("other");
    clock.advance(silenceMsMax);
    assert.deepEqual(words.splice(0), ["warn other"]);
    other.end();
    clock.advance(10 * silenceMsMax);
    assert.deepEqual(words, []);
    const next = silences.listen("next");
    clock.advance(silenceMsMax);
    assert.deepEqual(words.splice(0), ["warn next"]);
    next.heard();
    assert.deepEqual(words, ["info next"]);
    next.end();
  });
});
