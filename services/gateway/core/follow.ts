declare const brand: unique symbol;

/**
 * One connection's delivery of one channel: the number of its row in the gateway's table. A row is used again
 * once its follow has been removed.
 */
export type Follow = number & { readonly [brand]: "Follow" };

/** What is returned instead of a follow at the end of a list. */
export const noFollow = -1 as Follow;

/**
 * Where a follow stands; each number is also that of a list of its feed. It is asked whether the user may
 * have the channel, then the client gets what it missed, up to the feed's position, and from then on it is
 * live: it has, or knows that it will not get, everything up to there. The live differ by the format of
 * their connections, and by whether a topic can reach those.
 */
export const standings = {
  asking: 0,
  catchingUp: 1,
  liveJsonByHand: 2,
  liveJsonJoining: 3,
  liveProtoByHand: 4,
  liveProtoJoining: 5,
} as const;

export type Standing = (typeof standings)[keyof typeof standings];

export const allStandings: readonly Standing[] = Object.values(standings);
