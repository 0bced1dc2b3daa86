import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { heartbeatMs } from "../../lib/limits/limits.js";
import { callsPerConnectionMax, deadlineMaxMs, metadataBytesMax } from "../../lib/rpc/limits.js";
import { loadContract } from "../../services/web/contract/methods.js";

interface Route {
  readonly name: string;
  readonly match: { readonly safe_regex?: { readonly regex: string } };
  readonly route?: {
    readonly timeout?: string;
    readonly idle_timeout?: string;
    readonly max_stream_duration?: { readonly max_stream_duration: string };
    readonly retry_policy?: { readonly retry_on: string };
  };
}

const config = parse(readFileSync("envoy/envoy.yaml", "utf8"));
const [listener] = config.static_resources.listeners;
const manager = listener.filter_chains[0].filters[0].typed_config;
const [host] = manager.route_config.virtual_hosts;
const routes: readonly Route[] = host.routes;
const route = (name: string) => routes.find((one) => one.name === name)!;

/** Methods that may reach a server twice, each with why. Whoever adds a method to the contract decides. */
const repeatable = {
  "Directory/WhoAmI": "reads",
  "Directory/GetWorkspace": "reads",
  "Directory/GetUser": "reads",
  "Directory/ListUsers": "reads",
  "Directory/GetConversation": "reads",
  "Directory/ListConversations": "reads",
  "Directory/ListMembers": "reads",
  "Messaging/ListEvents": "reads",
  "Messaging/ListMessages": "reads",
  "Messaging/ListReplies": "reads",
  "Messaging/GetMessage": "reads",
  "Messaging/ListUnread": "reads",
  "Presence/GetPresence": "reads",
  "Realtime/Connect": "signs a ticket and keeps nothing of it",
};

/** Methods that Envoy never sends twice once a server may have had them, each with why. */
const single = {
  "Directory/CreateUser": "makes another one",
  "Directory/UpdateUser": "may undo a later change",
  "Directory/DeactivateUser": "changes the user's channel",
  "Directory/CreateToken": "makes another one",
  "Directory/RevokeToken": "changes the user's channel",
  "Directory/CreateConversation": "makes another one, or finds the name taken by the first",
  "Directory/OpenDirectConversation": "creates",
  "Directory/UpdateConversation": "may undo a later change",
  "Directory/ArchiveConversation": "may undo a later change",
  "Directory/UnarchiveConversation": "may undo a later change",
  "Directory/DeleteConversation": "finds nothing the second time",
  "Directory/JoinConversation": "may undo a later leaving",
  "Directory/LeaveConversation": "may undo a later joining",
  "Directory/InviteMembers": "may undo a later removal",
  "Directory/RemoveMember": "may undo a later invitation",
  "Messaging/PostMessage": "bears the mark of a first attempt, which a second one is not",
  "Messaging/PostMessages": "as PostMessage",
  "Messaging/EditMessage": "may undo a later edit",
  "Messaging/DeleteMessage": "finds nothing the second time",
  "Messaging/AddReaction": "is refused the second time",
  "Messaging/RemoveReaction": "is refused the second time",
  "Messaging/PinMessage": "is refused the second time",
  "Messaging/UnpinMessage": "is refused the second time",
  "Messaging/MarkRead": "may undo a later mark",
  "Messaging/SendTyping": "is worth nothing later",
  "Messaging/PostEphemeral": "is shown twice",
  "Presence/SetPresence": "may undo a later change",
  "Presence/SetDoNotDisturb": "may undo a later change",
  "Realtime/Subscribe": "is a stream with positions that only its client knows",
};

describe("Envoy's settings", () => {
  it("say of every method whether it may be sent again, and the routes do as they say", () => {
    const pathOf = (name: string) => `/confab.v1.${name}`;
    const decided = [...Object.keys(repeatable), ...Object.keys(single)].map(pathOf);
    assert.deepEqual(decided.sort(), [...loadContract().keys()].sort());
    for (const name of ["grpc read", "json read"]) {
      const pattern = new RegExp(`^(${route(name).match.safe_regex?.regex})$`);
      const matched = [...loadContract().keys()].filter((path) => pattern.test(path));
      assert.deepEqual(matched.sort(), Object.keys(repeatable).map(pathOf).sort());
      assert.match(route(name).route?.retry_policy?.retry_on ?? "", /\breset\b/);
    }
  });

  it("send nothing else again that a server may have had", () => {
    const safe = "connect-failure,refused-stream,reset-before-request";
    assert.equal(host.retry_policy.retry_on, safe);
    for (const { name, route: action } of routes) {
      const { retry_on } = action?.retry_policy ?? host.retry_policy;
      if (/ read$/.test(name)) assert.equal(retry_on, `${safe},reset`);
      else assert.equal(retry_on, safe, name);
    }
  });

  it("give services the time that they may take, and every call an end", () => {
    const unary = routes.filter(({ name }) => /^(grpc|json|api) (read|call)$/.test(name));
    assert.equal(unary.length, 6);
    for (const { name, route: action } of unary) {
      const wholeMs = msOf(action?.max_stream_duration?.max_stream_duration);
      assert.ok(wholeMs > deadlineMaxMs, name);
      assert.ok(msOf(manager.stream_idle_timeout) >= wholeMs, name);
      assert.ok(!("timeout" in action!), `${name}: a timeout would not count beside max_stream_duration`);
    }
  });

  it("let streams live for as long as their peers do", () => {
    const [socket, subscribe] = [route("socket").route, route("subscribe").route];
    assert.equal(msOf(socket?.timeout), 0);
    assert.equal(msOf(subscribe?.timeout), 0);
    for (const stream of [socket, subscribe]) assert.ok(!("max_stream_duration" in stream!));
    // A gateway itself ends a socket after two heartbeats without a sign of life.
    assert.ok(msOf(socket?.idle_timeout) > 2 * heartbeatMs);
    assert.ok(msOf(socket?.idle_timeout) <= 4 * heartbeatMs);
    // Silent streams are no dead ones: pings of HTTP/2 tell these.
    assert.equal(msOf(subscribe?.idle_timeout), 0);
    assert.ok(msOf(manager.http2_protocol_options.connection_keepalive.interval) > 0);
    assert.equal(msOf(manager.request_timeout), 0);
  });

  it("bound what services bound", () => {
    assert.equal(manager.max_request_headers_kb * 1024, metadataBytesMax);
    assert.equal(manager.http2_protocol_options.max_concurrent_streams, callsPerConnectionMax);
  });
});

function msOf(duration: string | undefined): number {
  const [, seconds] = /^([\d.]+)s$/.exec(duration ?? "") ?? [];
  assert.ok(seconds !== undefined, `${duration} is no duration`);
  return Number(seconds) * 1000;
}
