import { type Client, errors, type QueryOptions, types } from "cassandra-driver";

/** What a client was asked. */
export interface Asked {
  readonly query: string;
  readonly params: readonly unknown[];
  readonly options: QueryOptions;
}

/** What a fake node answers; rows and whether a condition held are enough. */
type Answer = Partial<Pick<types.ResultSet, "rows" | "pageState">> & { readonly applied?: boolean };

/** A client of no cluster: a test answers what is asked, or throws. A batch is asked as one query. */
export class FakeClient {
  readonly asked: Asked[] = [];

  constructor(private readonly answer: (asked: Asked) => Answer | Promise<Answer> = () => ({})) {}

  /** As the driver's, of which it has what sends. */
  get driver(): Client {
    const batch = (queries: readonly Omit<Asked, "options">[], options: QueryOptions) =>
      this.#ask({
        query: queries.map(({ query }) => query).join(";"),
        params: queries.flatMap(({ params }) => params),
        options,
      });
    const execute = (query: string, params: readonly unknown[] = [], options: QueryOptions = {}) =>
      this.#ask({ query, params, options });
    return { batch, execute } as unknown as Client;
  }

  async #ask(asked: Asked) {
    this.asked.push(asked);
    const { applied = true, rows = [], pageState = null } = await this.answer(asked);
    return { rows, pageState, wasApplied: () => applied, first: () => rows[0] ?? null };
  }
}

/** The answer of a node that finds a request invalid. */
export function invalid(message: string): Error {
  return new errors.ResponseError(types.responseErrorCodes.invalid, message);
}
