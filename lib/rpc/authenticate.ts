import type { Authenticator } from "../auth/authenticator.js";
import { parseBearer } from "../auth/bearer.js";
import type { Caller } from "../auth/caller.js";
import { ConfabError } from "../errors/errors.js";
import type { AuthenticatedCall, BoundedCall, Serve } from "./call.js";
import type { Permission } from "./permissions.js";

/** Lets only callers through whose token is good and who have the permission. */
export function authenticate(
  authenticator: Pick<Authenticator, "authenticate">,
  permission: Permission,
  next: Serve<AuthenticatedCall>,
): Serve<BoundedCall> {
  return async (call) => {
    const [header, ...others] = call.metadata.get("authorization");
    if (others.length > 0) throw new ConfabError("invalid_auth", "", "more than one authorization");
    const caller = await authenticator.authenticate(parseBearer(header?.toString()));
    demand(permission, caller);
    return next({ ...call, caller });
  };
}

function demand(permission: Permission, _caller: Caller): void {
  switch (permission) {
    case "workspace_member":
      // A token is accepted only while its user is an active member of its workspace.
      return;
    default:
      throw new Error(`no rule for the permission ${permission satisfies never}`);
  }
}
