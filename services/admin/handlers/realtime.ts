import type { RealtimeService } from "../../../gen/confab/v1/realtime.js";
import { shortText } from "../../../lib/requests/validate.js";
import type { Handlers } from "../../../lib/rpc/implement.js";
import type { AdminParts } from "../parts.js";

/** Most characters of a region's name. */
const regionCodePointsMax = 64;

/** Where to receive events. */
export function realtimeHandlers({
  connectFlow,
}: Pick<AdminParts, "connectFlow">): Handlers<typeof RealtimeService> {
  return {
    async connect(request, { caller }) {
      const region = shortText(request.region, regionCodePointsMax, "region");
      const { url, ticket, ticketTtlMs } = await connectFlow.connect(caller, region);
      return { url, ticket, ticketTtlMs, userId: caller.userId, workspaceId: caller.workspaceId };
    },
  };
}
