import { z } from "zod";
import { ClientFrame } from "../../gen/confab/v1/realtime.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { subscriptionsMax } from "../../lib/limits/limits.js";

const safeInteger = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const channelId = z.string();
/** Zero is left out in canonical JSON. */
const position = z.strictObject({ seq: safeInteger.optional(), id: safeInteger.optional() });

/** What is missing is told by the name that it has over gRPC too. */
const named = { channelId: channelId.optional() };

/** Frames that are refused whatever is in them: that is left out, for nothing has checked it. */
const notServed = z.object({});

/** The frames of a client in the canonical JSON of the contract, 64-bit integers as numbers. */
const clientFrameSchema = z.strictObject({
  requestId: safeInteger.optional(),
  subscribe: z
    .strictObject({
      all: z.boolean().optional(),
      channels: z.array(z.strictObject({ channelId, position: position.optional() })).optional(),
    })
    .optional(),
  unsubscribe: z.strictObject({ channelIds: z.array(channelId).max(subscriptionsMax) }).optional(),
  typing: z.strictObject({ channelId, parentId: safeInteger.optional() }).optional(),
  ping: z.strictObject({}).optional(),
  post: z
    .strictObject({
      ...named,
      message: z
        .strictObject({
          text: z.string().optional(),
          clientMsgId: z.string().optional(),
          parentId: safeInteger.optional(),
          broadcast: z.boolean().optional(),
        })
        .optional(),
      firstAttempt: z.boolean().optional(),
    })
    .optional(),
  react: z
    .strictObject({ ...named, messageId: safeInteger.optional(), emoji: z.string().optional() })
    .optional(),
  mark: z.strictObject({ ...named, seq: safeInteger.optional() }).optional(),
  watchPresence: notServed.optional(),
});

/** Reads a frame. @throws ConfabError `invalid_json` or `invalid_frame` */
export function parseClientFrame(text: string): ClientFrame {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ConfabError("invalid_json");
  }
  const parsed = clientFrameSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfabError("invalid_frame", issue?.path.join("."), issue?.message);
  }
  const kinds = Object.keys(parsed.data).filter((key) => key !== "requestId");
  if (kinds.length !== 1) throw new ConfabError("invalid_frame", "", "a frame holds exactly one request");
  return ClientFrame.fromJSON(parsed.data);
}
