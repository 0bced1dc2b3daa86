import { Random } from "../sim/random.js";
import type { HistoryRecord, SeenEvent } from "./records.js";

interface Connection {
  readonly name: string;
  readonly positions: Map<string, number>;
}

const channels = ["C1", "C2"];

/** Makes up histories in which every promise is kept. */
class Sampler {
  readonly history: HistoryRecord[] = [];
  private readonly random: Random;
  private readonly logs = new Map<string, SeenEvent[]>(channels.map((channel) => [channel, []]));
  private connections: Connection[] = [];
  private now = 1_700_000_000_000;
  private count = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  run(steps: number): HistoryRecord[] {
    for (const user of ["U1", "U2", "U3"]) this.connect(user);
    for (let i = 0; i < steps; i++) this.step();
    for (const connection of this.connections)
      for (const channel of channels) this.catchUp(connection, channel);
    this.add({ type: "quiet", at: this.tick() });
    for (const channel of channels) {
      this.add({ type: "stored", at: this.tick(), moment: "end", channel, rows: [...this.log(channel)] });
      this.add({ type: "finalLog", at: this.tick(), channel, events: this.log(channel).slice(0, 5) });
      this.add({ type: "finalLog", at: this.tick(), channel, events: this.log(channel).slice(5) });
    }
    return this.history;
  }

  private step(): void {
    const channel = this.random.pick(channels);
    const connection = this.random.pick(this.connections);
    const kind = this.random.below(14);
    if (kind < 5) this.post(channel);
    else if (kind < 8) this.catchUp(connection, channel);
    else if (kind === 8) this.read(channel);
    else if (kind === 9) this.typing(connection, channel);
    else if (kind === 10) this.reconnect(connection);
    else this.rewind(connection, channel);
  }

  /** A message with a lost answer, the retry, and the same id with another body. */
  private post(channel: string): void {
    const log = this.log(channel);
    const [author, clientMsgId, body] = [
      this.random.pick(["U1", "U2"]),
      `m${++this.count}`,
      `text ${this.count}`,
    ];
    const attempt = (text: string, number: number) => {
      const call = `${clientMsgId}/${number}`;
      const post = { call, channel, author, clientMsgId, body: text, attempt: number };
      this.add({ type: "post", at: this.tick(), ...post });
      return call;
    };
    const lost = this.random.chance(0.3);
    const first = attempt(body, 1);
    const event = {
      seq: log.length + 1,
      id: this.tick() * 1000,
      kind: "messagePosted",
      author,
      clientMsgId,
      body,
    };
    log.push(event);
    this.add({ type: "stored", at: this.tick(), moment: "live", channel, rows: [event] });
    if (lost)
      this.add({
        type: "answer",
        at: this.tick(),
        call: first,
        outcome: "unknown",
        code: "deadline_exceeded",
      });
    const { seq, id } = event;
    this.add({
      type: "answer",
      at: this.tick(),
      call: lost ? attempt(body, 2) : first,
      outcome: "ok",
      seq,
      id,
    });
    if (!lost) return;
    const other = attempt("another text", 3);
    this.add({
      type: "answer",
      at: this.tick(),
      call: other,
      outcome: "refused",
      code: "client_msg_id_reused",
    });
  }

  private connect(user: string, positions = new Map<string, number>()): void {
    const connection = { name: `${user}#${++this.count}`, positions };
    this.connections.push(connection);
    this.add({ type: "connect", at: this.tick(), conn: connection.name, user });
    for (const channel of channels) this.subscribe(connection, channel, positions.get(channel));
  }

  private subscribe({ name, positions }: Connection, channel: string, seq: number | undefined): void {
    this.add({
      type: "subscribe",
      at: this.tick(),
      conn: name,
      channel,
      ...(seq === undefined ? {} : { seq }),
    });
    const position = seq ?? this.log(channel).length;
    positions.set(channel, position);
    this.add({ type: "subscribed", at: this.tick(), conn: name, channel, seq: position });
  }

  private catchUp({ name, positions }: Connection, channel: string): void {
    const log = this.log(channel);
    let position = positions.get(channel) ?? 0;
    if (log.length - position > 6) {
      this.add({ type: "gap", at: this.tick(), conn: name, channel, from: position + 1, to: log.length - 3 });
      position = log.length - 3;
    }
    for (const event of log.slice(position))
      this.add({ type: "deliver", at: this.tick(), conn: name, channel, event });
    positions.set(channel, log.length);
  }

  private read(channel: string): void {
    const begun = this.tick();
    const log = this.log(channel);
    const page = { begun, reader: "U1", channel, limit: 4, newest: log.length };
    const [from, to] = [Math.min(2, log.length), log.length];
    const up = log.slice(from, from + 4);
    this.add({ type: "read", at: this.tick(), ...page, downward: false, from, events: up });
    const down = log.slice(Math.max(0, to - 4)).reverse();
    this.add({ type: "read", at: this.tick(), ...page, downward: true, from: 0, events: down });
  }

  private typing({ name, positions }: Connection, channel: string): void {
    const after = positions.get(channel) ?? 0;
    this.add({ type: "transient", at: this.tick(), conn: name, channel, kind: "typing", after });
  }

  private reconnect(connection: Connection): void {
    this.connections = this.connections.filter((other) => other !== connection);
    this.add({ type: "disconnect", at: this.tick(), conn: connection.name });
    for (let i = 0; i < 3; i++) this.post(this.random.pick(channels));
    this.connect(connection.name.slice(0, 2), connection.positions);
  }

  /** A client that subscribes again from before what it has. */
  private rewind(connection: Connection, channel: string): void {
    this.subscribe(connection, channel, Math.max(0, (connection.positions.get(channel) ?? 0) - 2));
  }

  private log(channel: string): SeenEvent[] {
    return this.logs.get(channel) ?? [];
  }

  private add(record: HistoryRecord): void {
    this.history.push(record);
  }

  private tick(): number {
    this.now += 1 + this.random.below(5);
    return this.now;
  }
}

/** A history in which every promise is kept, with all that a history can hold. */
export function sampleHistory(seed: number, steps: number): HistoryRecord[] {
  return new Sampler(seed).run(steps);
}
