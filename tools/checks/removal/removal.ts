import { ConversationType } from "../../../gen/confab/v1/types.js";
import { type Api, connect, createChannels } from "../api.js";
import type { Check, CheckContext } from "../check.js";
import type { Server } from "../server.js";
import { startServer } from "../start-server.js";
import { type Findings, noFindings } from "./findings.js";
import { Lane } from "./lane.js";

/** Each outcome of a race must have been seen this often, or in a twentieth of the races if they are few. */
const outcomesMin = 50;
const progressRaces = 200;

type FlagName = "races" | "lanes";

/** Somebody of the workspace. */
interface Person {
  readonly id: string;
  readonly token: string;
  readonly api: Api;
}

/**
 * Nothing behind a member's removal reaches them: by their connection, by catching up or by reading (G6).
 */
export const removal: Check<FlagName> = {
  name: "removal",
  about: "races removals against posts and looks for what reaches the removed",
  flags: {
    races: { standard: 1000, about: "how many races" },
    lanes: {
      standard: 20,
      about: "how many at a time, each in a channel of its own, every other one private",
    },
  },
  async run(context, flags) {
    const { ready, api } = await startServer(context);
    const findings = noFindings();
    const lanes = await openLanes(context, ready, api, { count: flags.lanes, findings });
    context.progress("following", { lanes: lanes.length, readyMs: ready.ms });
    let [begun, ended] = [0, 0];
    await Promise.all(
      lanes.map(async (lane) => {
        while (begun < flags.races) {
          begun++;
          context.signal.throwIfAborted();
          await lane.race();
          if (++ended % progressRaces === 0) context.progress("raced", { races: ended });
        }
      }),
    );
    return judge(flags.races, findings);
  },
};

async function openLanes(
  context: CheckContext,
  ready: Server,
  creator: Api,
  { count, findings }: { readonly count: number; readonly findings: Findings },
) {
  const poster = await createPerson(context, ready, creator, "poster");
  const { CONVERSATION_TYPE_PUBLIC, CONVERSATION_TYPE_PRIVATE } = ConversationType;
  const lanes: Lane[] = [];
  for (let i = 1; i <= count; i++) {
    const isPrivate = i % 2 === 1;
    const type = isPrivate ? CONVERSATION_TYPE_PRIVATE : CONVERSATION_TYPE_PUBLIC;
    const [channelId = ""] = await createChannels(creator, 1, { type, prefix: `lane-${i}` });
    const member = await createPerson(context, ready, creator, `member-${i}`);
    await creator.directory.inviteMembers({ channelId, userIds: [poster.id, member.id] });
    const lane = await Lane.open({ server: ready, creator, poster, member, channelId, isPrivate, findings });
    context.defer(() => lane.close());
    lanes.push(lane);
  }
  return lanes;
}

async function createPerson(
  context: CheckContext,
  ready: Server,
  creator: Api,
  name: string,
): Promise<Person> {
  const { user } = await creator.directory.createUser({ name, displayName: name, bot: false });
  if (!user) throw new Error("a user was created without an answer");
  const { token } = await creator.directory.createToken({ userId: user.id, label: "check" });
  const api = connect({ ...ready, token });
  context.defer(() => api.close());
  return { id: user.id, token, api };
}

/** Judges what came of so many races. */
export function judge(races: number, findings: Findings) {
  const { before, after, connecting, rejoined, ...faults } = findings;
  const seenMin = Math.min(outcomesMin, races / 20);
  const isSeen = before >= seenMin && after >= seenMin && before + after === races && rejoined === races;
  const ok = isSeen && Object.values(faults).every((count) => count === 0);
  return { ok, figures: { races, before, after, connecting, rejoined, ...faults } };
}
