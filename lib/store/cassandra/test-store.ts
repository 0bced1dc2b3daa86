import { makeId } from "../../ids/ids.js";
import { type CassandraOptions, openCassandraStore } from "./open-cassandra-store.js";

type Server = Pick<CassandraOptions, "contactPoints">;

/** What opens a store on a test's server of one node, in a keyspace of its own. */
export function optionsOn(
  { contactPoints }: Server,
  changes: Partial<CassandraOptions> = {},
): CassandraOptions {
  return {
    contactPoints,
    localDatacenter: "datacenter1",
    keyspace: makeId("C", Math.random).toLowerCase(),
    migrate: { replicas: 1 },
    allowDataLoss: true,
    ...changes,
  };
}

/** A store on a test's server, in a keyspace of its own unless told. */
export function openOn(server: Server, changes: Partial<CassandraOptions> = {}) {
  return openCassandraStore(optionsOn(server, changes));
}
