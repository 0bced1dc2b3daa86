import { sharedCassandra } from "../../../tests/cassandra.js";
import { storeSuite } from "../store-suite.js";
import { openCassandraStore } from "./open-cassandra-store.js";
import { optionsOn } from "./test-store.js";

describe("the store in Cassandra", () => {
  const server = sharedCassandra();

  storeSuite(
    "as any store",
    async () => {
      const options = optionsOn(server());
      let store = await openCassandraStore(options);
      const reopen = async () => {
        await store.close();
        store = await openCassandraStore(options);
        return store;
      };
      return { store, reopen, close: () => store.close() };
    },
    true,
  );
}).timeout(60_000);
