import type { Edit } from "./edit.js";

const appender = "services/channel/core/appender.ts";
const batch = "services/channel/core/batch.ts";
const decide = "services/channel/core/decide.ts";
const feed = "services/gateway/core/feed.ts";
const writer = "services/channel/core/writer.ts";

/** Bugs in how messages get their places and are told of. */
export const writeMutations: Readonly<Record<string, readonly Edit[]>> = {
  "fan-out-before-stored": [
    {
      file: appender,
      find: "this.#attempt(write, (done) => this.#append(write, done),",
      replace: `this.#attempt(write, (done) => {
        this.outside.store.append(write.append, () => {});
        this.outside.later(0, (now) => done({ value: undefined }, now));
      },`,
    },
  ],
  "no-dedupe": [
    { file: decide, find: "state.dedupe.find(author, clientMsgId);", replace: "undefined;" },
    { file: decide, find: "batch.find(author, clientMsgId);", replace: "undefined;" },
  ],
  "same-id-other-body-accepted": [
    {
      file: decide,
      find: "if (hash && hash !== bodyHash(action.value))",
      replace: "if (false)",
    },
  ],
  "deletion-keeps-hash": [
    {
      file: "services/channel/projection.ts",
      find: "event: blank, author, clientMsgId,",
      replace: 'event: blank, author, clientMsgId: "",',
    },
  ],
  "deletion-remembers-body": [
    {
      file: "services/channel/core/channel-state.ts",
      find: "this.dedupe.forgetBody(kind.value.messageId);",
      replace: "",
    },
  ],
  "later-append-first": [
    {
      file: writer,
      find: "this.parts.publish(events, now);",
      replace: `const late = this.late;
        this.late = late ? undefined : events;
        if (late) for (const some of [events, late]) this.parts.publish(some, now);`,
    },
    { file: feed, find: "if (event.seq > this.position.seq + 1) {", replace: "if (false) {" },
  ],
  "seq-used-twice": [
    {
      file: batch,
      find: "this.#seq++;",
      replace: "if (this.events.length > 0 || this.#seq % 10 !== 9) this.#seq++;",
    },
  ],
  "unknown-taken-for-not-written": [
    {
      file: appender,
      find: 'const proved = failure === "notWritten" && !inDoubt;',
      replace: "const proved = true;",
    },
  ],
  "refused-but-written": [
    {
      file: writer,
      find: "this.#answers.add(asker, decision.answer);",
      replace: `{
        this.#answers.add(asker, decision.answer);
        if (decision.answer.$case === "refusal" && command.action?.$case === "post") {
          const kind = { $case: "messagePosted", value: command.action.value };
          batch.add({ author: command.author, kind }, now);
        }
      }`,
    },
  ],
  "bucket-followed-only-once-confirmed": [
    { file: appender, find: "write.listed(list);", replace: "" },
    {
      file: appender,
      find: "() => this.#confirm(write)",
      replace: `() => this.#confirm({
          ...write,
          confirmed: (now) => { if (write.list) write.listed(write.list); write.confirmed(now); },
        })`,
    },
  ],
};
