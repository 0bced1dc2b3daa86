/**
 * Rates that are let through unless the configuration says otherwise. Each is a token bucket: so many a
 * second for ever, and a burst on top of it after a rest. What each is for, and why it is that large, is
 * argued in docs/decisions/rate-limits.md.
 */

/** What one user may ask in a second; a message posted counts as one, any other call as one. */
export const userCostPerSecondDefault = 20_000;
/** What one user may ask at once, after a rest. */
export const userCostBurstDefault = 200_000;
/** What may be asked with one token in a second. */
export const tokenCostPerSecondDefault = 20_000;
/** What may be asked with one token at once, after a rest. */
export const tokenCostBurstDefault = 200_000;
/** Events that one channel takes in a second, from all its members together. */
export const channelEventsPerSecondDefault = 20_000;
/** Events that one channel takes at once, after a rest. */
export const channelEventsBurstDefault = 200_000;
/** Frames that one connection may send in a second. */
export const connectionFramesPerSecondDefault = 200;
/** Frames that one connection may send at once, after a rest. */
export const connectionFramesBurstDefault = 2000;
/** Tickets that one user may get, and sockets that one user may open at one gateway, in a second. */
export const userConnectsPerSecondDefault = 20;
/** Tickets that one user may get, and sockets that one user may open at one gateway, at once. */
export const userConnectsBurstDefault = 2000;
/** Sockets that one gateway lets in in a second. */
export const gatewayConnectsPerSecondDefault = 1000;
/** Sockets that one gateway lets in at once, after a rest. */
export const gatewayConnectsBurstDefault = 4000;
/** Most users, or tokens, whose rates one server knows; beyond, the longest unused is forgotten. */
export const ratedKeysMax = 65_536;
