import assert from "node:assert/strict";
import allVariables from "../../lib/config/all-variables.json" with { type: "json" };
import { edgeAddresses, type ServicePlan, servicePlans } from "./environment.js";
import { MeshFolder } from "./mesh-folder.js";
import { portsNeeded } from "./ports.js";
import { countsDefault, type Settings, variablesPassedOn, withoutVariables } from "./settings.js";

const folder = new MeshFolder("/data");

/** A mesh whose parts have ports from 1000 on, a hundred apart. */
function settingsWith(more: Partial<Settings> = {}): Settings {
  const names = [...portsNeeded(countsDefault, { cassandra: true, jaeger: true }).keys()];
  return {
    counts: countsDefault,
    ports: Object.fromEntries(names.map((name, i) => [name, 1000 + 100 * i])),
    ...{ edgePort: 8443, jaeger: false, sampling: 1, etcdPrefix: "mesh/", variables: {} },
    ...more,
  };
}

describe("what the processes of a mesh are told", () => {
  const plansWith = (more?: Partial<Settings>) => servicePlans(settingsWith(more), folder);
  const of = (plans: readonly ServicePlan[], name: string) => plans.find((plan) => plan.name === name)!;

  it("are variables that programs know", () => {
    const plans = plansWith({ otlp: "127.0.0.1:4317" });
    const names = new Set(plans.flatMap(({ variables }) => Object.keys(variables)));
    assert.deepEqual(
      [...names].filter((name) => !allVariables.includes(name)),
      [],
    );
  });

  it("differ in where they listen, and in who they are", () => {
    const plans = plansWith();
    assert.equal(plans.length, 10);
    const listening = ["CONFAB_ADDRESS", "CONFAB_STREAM_ADDRESS", "CONFAB_OBSERVATION_ADDRESS"];
    const addresses = plans.flatMap(({ variables }) => listening.flatMap((name) => variables[name] ?? []));
    assert.equal(new Set(addresses).size, addresses.length);
    for (const { name, variables } of plans) {
      assert.match(variables.CONFAB_TLS_CERTIFICATE!, new RegExp(`/mesh/certificates/${name}\\.pem$`));
      assert.equal(variables.CONFAB_TLS_AUTHORITY, folder.certificate("authority").certificate);
    }
    assert.equal(of(plans, "channel-2").variables.CONFAB_MEMBER_ID, "channel-2");
  });

  it("lead from one to the other", () => {
    const plans = plansWith();
    const admins = ["admin-1", "admin-2"].map((name) => of(plans, name).variables.CONFAB_ADDRESS);
    assert.equal(of(plans, "web-1").variables.CONFAB_ADMIN_ADDRESSES, admins.join(","));
    assert.equal(of(plans, "gateway-2").variables.CONFAB_PUBLIC_URL, edgeAddresses(settingsWith()).ws);
    const { CONFAB_ETCD_ENDPOINTS, CONFAB_CASSANDRA_CONTACT_POINTS } = of(plans, "charm-1").variables;
    const members = "http://127.0.0.1:1000,http://127.0.0.1:1010,http://127.0.0.1:1020";
    assert.equal(CONFAB_ETCD_ENDPOINTS, members);
    assert.equal(CONFAB_CASSANDRA_CONTACT_POINTS, "127.0.0.1:1100");
  });

  it("gives the key that signs tickets to nobody who only checks them", () => {
    for (const { service, variables } of plansWith()) {
      const expected = { web: folder.ticketKey, admin: folder.ticketKey, gateway: folder.publicTicketKey };
      assert.equal(variables.CONFAB_TICKET_KEY, (expected as Record<string, string>)[service]);
    }
  });

  it("says where traces go only if they go anywhere", () => {
    assert.equal(of(plansWith(), "web-1").variables.CONFAB_TRACING_ENDPOINT, undefined);
    const { variables } = of(plansWith({ otlp: "127.0.0.1:4317", sampling: 5 }), "web-1");
    assert.equal(variables.CONFAB_TRACING_ENDPOINT, "http://127.0.0.1:4317");
    assert.equal(variables.CONFAB_TRACING_RATIO, "0.05");
  });

  it("takes somebody else's Cassandra", () => {
    const cassandra = { contactPoints: ["10.0.0.1:9042", "10.0.0.2:9042"], keyspace: "other" };
    const { variables } = of(plansWith({ cassandra }), "channel-1");
    assert.equal(variables.CONFAB_CASSANDRA_CONTACT_POINTS, "10.0.0.1:9042,10.0.0.2:9042");
    assert.equal(variables.CONFAB_CASSANDRA_KEYSPACE, "other");
  });

  it("has what the user has set for all services, and nothing of another server", () => {
    const env = {
      ...{ PATH: "/bin", CONFAB_RATE_LIMITS_USER_PER_SECOND: "0", CONFAB_LOG_LEVEL: "info" },
      ...{ CONFAB_ADDRESS: "0.0.0.0:1", CONFAB_TOKEN: "secret", CONFAB_LOG_LEVELS: "x" },
    };
    const variables = variablesPassedOn(env);
    assert.deepEqual(variables, { CONFAB_RATE_LIMITS_USER_PER_SECOND: "0", CONFAB_LOG_LEVEL: "info" });
    assert.deepEqual(withoutVariables(env), { PATH: "/bin" });
    assert.equal(of(plansWith({ variables }), "web-1").variables.CONFAB_LOG_LEVEL, "info");
  });
});
