import { ConversationType } from "../../../gen/confab/v1/types.js";
import { type BadInputStage, makeStage } from "../bad-input.js";
import type { TestMesh } from "../test-mesh.js";

/** Where the contract is walked: what requests must find to be granted, or refused for one reason alone. */
export interface ContractStage extends BadInputStage {
  /** Public, Bob's; Ada is a member. */
  readonly sharedId: string;
  /** Public, Bob's; Ada never was a member. */
  readonly bobsId: string;
  /** A user that Ada created, once a member of her channel. */
  readonly catId: string;
  /** Messages in Ada's channel. */
  readonly messages: StageMessages;
}

interface StageMessages {
  /** Ada's, with nothing on it. */
  readonly plain: number;
  /** Ada's, pinned and with her `eyes` on it. */
  readonly marked: number;
  /** Ada's, for being deleted. */
  readonly spare: number;
  /** Ada's reply to the marked one. */
  readonly reply: number;
  /** Bob's, who left after it. */
  readonly bobs: number;
  readonly deleted: number;
  /** Of the channel's creation, which is no message. */
  readonly creation: number;
  /** Ada's in `sharedId`. */
  readonly elsewhere: number;
}

/** Sets the stage on a mesh that has been started. */
export async function makeContractStage(mesh: TestMesh): Promise<ContractStage> {
  const stage = await makeStage(mesh);
  const { ada, bob, channelId } = stage;
  const create = async (name: string) => {
    const type = ConversationType.CONVERSATION_TYPE_PUBLIC;
    const { conversation } = await bob.directory.createConversation({ name, type, topic: "" });
    return conversation?.id ?? "";
  };
  const [sharedId, bobsId] = [await create("shared"), await create("bobs")];
  await ada.directory.joinConversation({ channelId: sharedId });
  const { user } = await ada.directory.createUser({ name: "cat", displayName: "Cat", bot: false });
  const catId = user?.id ?? "";
  await ada.directory.inviteMembers({ channelId, userIds: [catId] });
  await ada.directory.removeMember({ channelId, userId: catId });
  const messages = await makeMessages(stage, sharedId);
  return { ...stage, sharedId, bobsId, catId, messages };
}

async function makeMessages(
  { ada, bob, channelId }: BadInputStage,
  sharedId: string,
): Promise<StageMessages> {
  const post = async ({ messaging }: typeof ada, channel = channelId, parentId = 0) => {
    const message = { text: "staged", clientMsgId: "", parentId, broadcast: false };
    const answer = await messaging.postMessage({ channelId: channel, message, firstAttempt: true });
    return answer.position?.id ?? 0;
  };
  const [plain, marked, spare, deleted] = [
    await post(ada),
    await post(ada),
    await post(ada),
    await post(ada),
  ];
  const reply = await post(ada, channelId, marked);
  await ada.messaging.addReaction({ channelId, messageId: marked, emoji: "eyes" });
  await ada.messaging.pinMessage({ channelId, messageId: marked });
  await ada.messaging.deleteMessage({ channelId, messageId: deleted });
  await bob.directory.joinConversation({ channelId });
  const bobs = await post(bob);
  await bob.directory.leaveConversation({ channelId });
  const { events } = await ada.messaging.listEvents({ channelId, afterSeq: 0, limit: 1 });
  const creation = events[0]?.id ?? 0;
  return { plain, marked, spare, reply, bobs, deleted, creation, elsewhere: await post(ada, sharedId) };
}
