import { type Edit, setLimit } from "./edit.js";

const activation = "services/channel/activation.ts";
const appender = "services/channel/core/appender.ts";
const bucketChoice = "services/channel/core/bucket-choice.ts";
const channel = "services/channel/core/channel.ts";
const keyLookup = "services/channel/core/key-lookup.ts";
const logTables = "lib/store/cassandra/log-tables.ts";
const outcome = "lib/store/cassandra/outcome.ts";
const tail = "services/channel/core/tail.ts";
const worker = "services/channel/store-worker.ts";
const writer = "services/channel/core/writer.ts";

const confirmWait = "() => this.#confirm(write)";

/** Bugs that show only where replicas differ, or owners follow one another fast. They are hunted in duels. */
export const replicaMutations: Readonly<Record<string, readonly Edit[]>> = {
  "tail-not-proposed-again": [
    { file: channel, find: "if (!last || last.epoch >= cleanFrom)", replace: "if (true)" },
  ],
  "more-than-last-append-proposed": [
    { file: channel, find: "{ epoch, first: last.first, last:", replace: "{ epoch, first: lowest, last:" },
    { file: channel, find: "row.seq >= last.first)", replace: "row.seq >= lowest)" },
    { file: channel, find: "firstSeq: last.first }", replace: "firstSeq: lowest }" },
    {
      file: channel,
      find: "const common =",
      replace: "const lowest = Math.max(found.rows[0].seq, last.first - 3); const common =",
    },
  ],
  "activation-restarted": [
    {
      file: channel,
      find: "mustSucceed: true,",
      replace: "mustSucceed: true, restart: () => this.#find(),",
    },
    {
      file: appender,
      find: "const proved =",
      replace:
        "if (write.restart) return this.#finish(() => this.outside.later(20, write.restart)); const proved =",
    },
  ],
  "no-map-row-on-re-proposal": [
    { file: channel, find: "list: { epoch, bucket, firstSeq: last.first },", replace: "" },
  ],
  "no-map-row-for-empty-log": [
    { file: bucketChoice, find: "(tail.seq > 0 || last.epoch === epoch) &&", replace: "" },
  ],
  "older-bucket-used": [
    {
      file: bucketChoice,
      find: "fits ? { bucket: last.bucket, isNew: false }",
      replace: "fits ? { bucket: segments[Math.max(0, segments.length - 2)].bucket, isNew: false }",
    },
  ],
  "window-of-one-append": [
    { file: tail, find: "tailSeqsMin = 2 * appendRowsMax", replace: "tailSeqsMin = appendRowsMax" },
  ],
  "window-in-rows": [
    { file: activation, find: "seqs.size >= tailSeqsMin", replace: "rows.length >= tailSeqsMin" },
  ],
  "part-of-an-append-counts": [{ file: tail, find: "wholeAppends(rows).filter(", replace: "rows.filter(" }],
  "lower-epoch-behind-higher": [{ file: tail, find: "|| row.epoch < epoch", replace: "" }],
  "driver-timestamps": [
    {
      file: "tests/sim/replicated/bind.ts",
      find: "parsed.timestamp ? termValue(parsed.timestamp, params) : nowUs()",
      replace: "nowUs()",
    },
  ],
  "confirm-begun-early": [
    {
      file: appender,
      find: "const append = () => {",
      replace: `const append = () => {
        let confirmed = false;
        let next;
        this.barrier.wait((now) => {
          confirmed = true;
          next?.(now);
        });`,
    },
    {
      file: appender,
      find: confirmWait,
      replace: `() => {
        const finish = (now) => this.#finish(() => write.confirmed(now), now);
        if (confirmed) this.outside.later(0, finish);
        else next = finish;
      }`,
    },
  ],
  "next-append-before-confirm": [
    {
      file: appender,
      find: confirmWait,
      replace: "() => this.outside.later(0, (now) => this.#finish(() => write.confirmed(now), now))",
    },
    {
      file: writer,
      find: "this.parts.publish(events, now);",
      replace: "});",
    },
    {
      file: writer,
      find: /for \(const \{ asker, position \} of batch\.waiting\)/g,
      replace: `this.parts.appender.barrier.wait((at) => {
        this.parts.publish(events, at);
        for (const { asker, position } of batch.waiting)`,
    },
  ],
  "doubt-forgotten": [
    {
      file: appender,
      find: 'const proved = failure === "notWritten" && !inDoubt;',
      replace: 'const proved = failure === "notWritten";',
    },
  ],
  "time-out-taken-for-not-written": [
    {
      file: outcome,
      find: 'kind === "write" && error.code === unavailableException',
      replace: 'kind === "write"',
    },
  ],
  "erasure-leaves-no-mark": [
    {
      file: logTables,
      find: "[this.#putRow(place, erasureRow({ seq, written, event: blank }))]",
      replace: "[]",
    },
  ],
  "first-attempt-believed-after-eviction": [
    {
      file: keyLookup,
      find: "sentAfter > this.forgottenUntil ? Math.max(this.openedAt, sentAfter) : sentAfter",
      replace: "Math.max(this.openedAt, sentAfter)",
    },
  ],
  "first-attempt-believed-of-any-term": [{ file: keyLookup, find: "epoch !== this.epoch ||", replace: "" }],
  "late-first-attempt-believed": [
    {
      file: keyLookup,
      find: "return this.state.dedupe.isCompleteSince(since);",
      replace: "return true;",
    },
    // So that there is soon more than is remembered; with the rule that does no harm.
    setLimit("services/channel/core/dedupe-window.ts", "dedupeKeysMax", 8),
  ],
  "dedupe-window-dropped": [
    {
      file: "services/channel/core/channel-state.ts",
      find: "this.dedupe.add(event.author, event.kind.value.clientMsgId, post, now);",
      replace: "",
    },
  ],
  "any-key-counts": [{ file: worker, find: "if (isThatPost && row.epoch === epoch)", replace: "if (row)" }],
  "projection-before-confirm": [
    {
      file: writer,
      find: "appender.start(write, now);",
      replace: "projector.add(batch.events);\n        appender.start(write, now);",
    },
    { file: writer, find: "this.parts.projector.add(batch.events);", replace: "" },
  ],
  "members-from-a-cache": [
    {
      file: activation,
      find: "store.readMembers(channel),",
      replace: `(() => {
        const kept = (store.kept ??= new Map());
        const note = (rows) => {
          kept.set(channel, rows);
          return rows;
        };
        return kept.get(channel) ?? store.readMembers(channel).then(note);
      })(),`,
    },
  ],
  "unknown-write-given-up": [
    {
      file: appender,
      find: "this.outside.later(this.#retryMs, () => !this.#closed && retry(!proved));",
      replace: "",
    },
  ],
  "reads-of-one-replica": [
    { file: "tests/sim/replicated/cluster.ts", find: "const quorum = 2;", replace: "const quorum = 1;" },
  ],
  "ids-by-the-clock-alone": [
    {
      file: "services/channel/core/batch.ts",
      find: "Math.max(Math.floor(now * 1000), this.#id + 1)",
      replace: "Math.floor(now * 1000)",
    },
  ],
  "unprojected-forgotten": [
    {
      file: channel,
      find: "this.#projector.add(state.unprojected.map((event) => ({ event })));",
      replace: "",
    },
  ],
  "refusals-of-the-store-retried": [
    { file: appender, find: "if (proved && !write.mustSucceed)", replace: "if (false)" },
  ],
  "refused-before-confirm": [
    {
      file: writer,
      find: "this.#answers.add(asker, decision.answer);",
      replace: "this.parts.answer(asker, decision.answer);",
    },
  ],
};
