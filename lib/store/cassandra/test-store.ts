import { makeId } from "../../ids/ids.js";
import { type CassandraOptions, openCassandraStore } from "./open-cassandra-store.js";

type Server = Pick<CassandraOptions, "contactPoints">;

/** A name that no other keyspace has. */
export const newKeyspace = () => makeId("C", Math.random).toLowerCase();

/** Making a keyspace takes seconds, so that the tests of a run share one, with ids of their own. */
const sharedKeyspace = newKeyspace();

/** What opens a store on a test's server of one node. */
export function optionsOn(
  { contactPoints }: Server,
  changes: Partial<CassandraOptions> = {},
): CassandraOptions {
  return {
    contactPoints,
    localDatacenter: "datacenter1",
    keyspace: sharedKeyspace,
    migrate: { replicas: 1 },
    allowDataLoss: true,
    ...changes,
  };
}

/** A store on a test's server. */
export function openOn(server: Server, changes: Partial<CassandraOptions> = {}) {
  return openCassandraStore(optionsOn(server, changes));
}
