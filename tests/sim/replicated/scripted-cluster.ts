import { type Client, errors, types } from "cassandra-driver";
import { CassandraStore } from "../../../lib/store/cassandra/cassandra-store.js";
import { Requests } from "../../../lib/store/cassandra/requests.js";
import type { Store } from "../../../lib/store/store.js";
import { mutationOf, type Statement } from "./bind.js";
import type { Mutation } from "./mutation.js";
import { Query } from "./reading.js";
import { Replica } from "./replica.js";

/** What becomes of requests, by the numbers of the replicas: 0 to 2. */
export interface Script {
  /** Who is asked to read; what these lack of the answer is written back to them first. */
  readonly reads: readonly [number, number];
  /** Who applies a write. The others get it as a hint, when the script says so. */
  readonly writes: readonly number[];
  /** The writer gets an answer; else a time-out. */
  readonly answers: boolean;
  /** Writes are refused for lack of replicas. */
  readonly refuses: boolean;
  /** A read gives back only the last row in which replicas differ, and then fails. */
  readonly repairBreaks: boolean;
}

const noTrouble = { refuses: false, repairBreaks: false };
const { unavailableException, writeTimeout, readTimeout } = types.responseErrorCodes;

/** Three replicas that do what a test says. */
export class ScriptedCluster {
  private readonly replicas = [new Replica(), new Replica(), new Replica()];
  private script: Script = { reads: [0, 1], writes: [0, 1, 2], answers: true, ...noTrouble };
  private hints: { readonly replica: number; readonly mutation: Mutation }[] = [];
  private stampUs = 0;

  /** The store as a process has it. */
  open(): Store {
    const execute = async (query: string, params: readonly unknown[], options: object) => {
      if (!query.startsWith("SELECT")) return this.write([{ query, params }]);
      return this.read(new Query({ query, params }, options));
    };
    const batch = async (statements: readonly Statement[]) => this.write(statements);
    const driver = { execute, batch, shutdown: async () => {} } as unknown as Client;
    return new CassandraStore(new Requests(driver, undefined, () => 0), "confab", {
      endOfTurn: (call) => call(),
    });
  }

  /** From now on requests go so. */
  set(changes: Partial<Script>): void {
    this.script = { ...this.script, ...changes };
  }

  /** Lets something happen while requests go so. */
  async during<Result>(changes: Partial<Script>, act: () => Promise<Result>): Promise<Result> {
    const before = this.script;
    this.set(changes);
    try {
      return await act();
    } finally {
      this.script = before;
    }
  }

  /** Hands over all hints. */
  land(): void {
    const { hints } = this;
    this.hints = [];
    for (const { replica, mutation } of hints) this.replicas[replica]!.apply(mutation);
  }

  private read(query: Query) {
    const { reads, repairBreaks } = this.script;
    const { page, repairs } = query.answer(reads.map((replica) => query.readAt(this.replicas[replica]!)));
    for (const [at, all] of repairs.entries()) {
      const changes = repairBreaks ? all.slice(-1) : all;
      this.replicas[reads[at]!]!.apply({ partition: query.partition, changes });
    }
    if (repairBreaks && repairs.some((all) => all.length > 0)) {
      throw new errors.ResponseError(readTimeout, "timed out");
    }
    return page;
  }

  private write(statements: readonly Statement[]) {
    const { writes, answers, refuses } = this.script;
    if (refuses) throw new errors.ResponseError(unavailableException, "too few replicas");
    const mutation = mutationOf(statements, () => ++this.stampUs);
    for (const [replica, one] of this.replicas.entries()) {
      if (writes.includes(replica)) one.apply(mutation);
      else this.hints.push({ replica, mutation });
    }
    if (!answers) throw new errors.ResponseError(writeTimeout, "timed out");
    return { rows: [], pageState: null, wasApplied: () => true, first: () => null };
  }
}
