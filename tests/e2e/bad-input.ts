import { ConversationType } from "../../gen/confab/v1/types.js";
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
  /** A public one of Eve's, who is of another workspace. */
  readonly foreignId: string;
}

/** Something that must be refused by one name. */
export interface BadInput {
  readonly what: string;
  /** Name of the error that the sender must get. */
  readonly error: string;
  /** Sends it; resolves with the name of the error, or `none`. */
  send(stage: BadInputStage): Promise<string>;
}

/**
 * Creates the channels on a mesh that has been started, with one message in Ada's whose `client_msg_id` is
 * `used`.
 */
export async function makeStage(mesh: TestMesh): Promise<BadInputStage> {
  const stage = { mesh, ada: mesh.api(mesh.ada.token), bob: mesh.api(mesh.bob.token) };
  const create = async ({ directory }: Api, name: string, type: ConversationType) => {
    const { conversation } = await directory.createConversation({ name, type, topic: "" });
    return conversation?.id ?? "";
  };
  const { CONVERSATION_TYPE_PUBLIC, CONVERSATION_TYPE_PRIVATE } = ConversationType;
  const channelId = await create(stage.ada, "quiet", CONVERSATION_TYPE_PUBLIC);
  const privateId = await create(stage.ada, "secret", CONVERSATION_TYPE_PRIVATE);
  const foreignId = await create(mesh.api(mesh.eve.token), "afar", CONVERSATION_TYPE_PUBLIC);
  const message = { text: "said before", clientMsgId: "used", parentId: 0, broadcast: false };
  await stage.ada.messaging.postMessage({ channelId, message, firstAttempt: false });
  return { ...stage, channelId, privateId, foreignId };
}

/** A channel id that nothing has. */
export const nowhere = "C000000000000";
/** A token that nobody has. */
export const unknownToken = `confab_${"x".repeat(43)}`;
/** Half of a surrogate pair in JSON. */
export const loneSurrogate = "\\ud800";
