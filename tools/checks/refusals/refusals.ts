import { ConversationType } from "../../../gen/confab/v1/types.js";
import { openCassandraStore } from "../../../lib/store/cassandra/open-cassandra-store.js";
import { signUp } from "../../../tests/e2e/target/sign-up.js";
import { MeshFolder } from "../../mesh/mesh-folder.js";
import { connect, createChannels } from "../api.js";
import type { Check, CheckContext } from "../check.js";
import { type StartedMesh, startMesh, storeOf } from "../start-mesh.js";
import { observed, requestCases, ticketCases } from "./edge-cases.js";
import { peerCases } from "./peer-cases.js";
import type { Refusal } from "./refusal.js";
import { socketCases } from "./socket-cases.js";
import { Witness } from "./witness.js";

/** So many tickets and sockets a user may have, and then none for longer than the check takes. */
const connectsBurst = 12;
const variables = {
  CONFAB_RATE_LIMITS_USER_CONNECTS_PER_SECOND: "0.001",
  CONFAB_RATE_LIMITS_USER_CONNECTS_BURST: String(connectsBurst),
};

/** Whoever has no business in a mesh is turned away, at the place that is meant to (G11). */
export const refusals: Check<never> = {
  name: "refusals",
  about: "comes to a mesh of processes without certificate, with bad tickets, too much or too often",
  flags: {},
  async run(context) {
    const began = performance.now();
    const mesh = await startMesh(context, { variables });
    context.progress("started", { ms: Math.round(performance.now() - began) });
    let [refused, letIn] = [0, 0];
    for await (const refusal of allCases(context, mesh)) {
      context.found({ ...refusal });
      if (refusal.refusedBy === "nobody") letIn++;
      else refused++;
    }
    return { ok: letIn === 0 && refused > 0, figures: { refused, letIn } };
  },
};

async function* allCases({ folder, defer }: CheckContext, mesh: StartedMesh): AsyncGenerator<Refusal> {
  const { stage, server } = mesh;
  const store = await openCassandraStore(storeOf(stage));
  const { ada, bob, eve } = await signUp(store).finally(() => store.close());
  const api = connect({ ...server, token: ada.token });
  defer(() => api.close());
  const [open = ""] = await createChannels(api, 1, { prefix: "open" });
  const type = ConversationType.CONVERSATION_TYPE_PRIVATE;
  const [closed = ""] = await createChannels(api, 1, { prefix: "closed", type });
  const administration = stage.status().find(({ name }) => name === "envoy")?.addresses.administration ?? "";
  const witness = new Witness(administration);
  yield* peerCases(mesh, folder);
  yield* observed(requestCases({ ...server, token: ada.token }), witness);
  const sockets = await socketCases({
    server: { ...server, token: ada.token },
    ticketKey: new MeshFolder(stage.data).ticketKey,
    channels: { public: open, private: closed },
    foreignToken: eve.token,
    burst: connectsBurst,
  });
  yield* observed(sockets, witness);
  yield* observed(ticketCases({ ...server, token: bob.token }, connectsBurst), witness);
}
