/** Bounds of links between services over gRPC, the same at both ends. */

/**
 * Largest message between services, in bytes; a frame beyond it travels in several. Larger than the commands
 * of the largest call that a client may make, so that these stay in one frame, and far above a page.
 */
export const meshMessageBytesMax = 16 * 1024 * 1024;
/**
 * A link on which more bytes than this wait for the connection to take them is closed: its peer does not keep
 * up. What one turn brings is taken at once, however much it is. A gateway that attaches a million channels
 * anew is answered by about as many bytes.
 */
export const linkWaitingBytesMax = 64 * 1024 * 1024;
/**
 * What a server may send over one connection before its client has read it, in bytes: 100 ms of a line of
 * 640 Mbit/s, so that gateways of other regions are not held to HTTP/2's usual 64 KiB a round trip.
 */
export const meshWindowBytes = 8 * 1024 * 1024;
/** Most connections at a time to one listener: one of each service's process. Further ones are refused. */
export const meshConnectionsMax = 4096;
/** Most calls and streams at a time on one connection; further ones wait. */
export const meshCallsPerConnectionMax = 16_384;
/** A connection between services is asked for a sign of life so long after the last one … */
export const meshKeepaliveAfterMs = 2000;
/** … and ended after so much silence: all in all within the 6 s in which the mesh heals a cut. */
export const meshKeepaliveTimeoutMs = 3000;
/** A stream that its peer has not accepted after this long is closed, however the network is silent. */
export const linkAcceptMsMax = 3000;
/**
 * Shortest and longest wait before a failed connection is tried again. Those who use links wait before they
 * try again themselves; between their tries nobody should have to wait for this one.
 */
export const meshReconnectMsMin = 100;
/** See the shortest one; jitter is added. */
export const meshReconnectMsMax = 500;
/** A connection to a peer that nobody has used for so long is given up: peers come and go. */
export const meshIdleMsMax = 60_000;
/** How long a link that closes in order, or a listener, may take to bring out what was sent. */
export const meshCloseGraceMs = 1000;
