import { z } from "zod";
import { cassandraVariables } from "./cassandra/config.js";

/** What messages can be kept in. */
export const stores = ["sqlite", "cassandra"] as const;

/** Variables of services that keep messages. */
export const storeVariables = {
  store: z
    .enum(stores)
    .default("sqlite")
    .describe("What messages are kept in: SQLite, in the data folder, or Cassandra (or ScyllaDB)."),
  cassandra: cassandraVariables,
};

/** What was read of the variables. */
export type StoreConfig = z.output<z.ZodObject<typeof storeVariables>>;
