import type { Api } from "../../tools/checks/api.js";
import type { TestMesh } from "./test-mesh.js";

/** Where a test of bad input takes place: a channel of which Ada is a member and Bob is not. */
export interface BadInputStage {
  readonly mesh: TestMesh;
  readonly channelId: string;
  /** A private one of Ada's. */
  readonly privateId: string;
  readonly ada: Api;
  readonly bob: Api;
}

/** Something that must be refused by one name. */
export interface BadInput {
  readonly what: string;
  /** Name of the error that the sender must get. */
  readonly error: string;
  /** Sends it; resolves with the name of the error, or `none`. */
  send(stage: BadInputStage): Promise<string>;
}

/** A channel id that nothing has. */
export const nowhere = "C000000000000";
/** A token that nobody has. */
export const unknownToken = `confab_${"x".repeat(43)}`;
/** Half of a surrogate pair in JSON. */
export const loneSurrogate = "\\ud800";
