/** Why a gateway ends a connection. Codes from 4000 to 4499 mean "reconnect", from 4500 to 4999 "do not". */
export const closeCodes = {
  going_away: { code: 4000, reason: "the gateway is going away" },
  frame_too_large: { code: 4500, reason: "the frame is larger than the limit" },
} as const;
