/** Largest request that a server takes, in bytes. */
export const requestBytesMax = 8 * 1024 * 1024;
/** Largest answer that a server gives, in bytes. What may grow larger is answered in pages. */
export const responseBytesMax = 4 * 1024 * 1024;
/** Most headers of a call, in bytes. */
export const metadataBytesMax = 16 * 1024;
/** Most calls at a time on one connection. */
export const callsPerConnectionMax = 1000;
/** How long a call may take when the client names no deadline. */
export const deadlineDefaultMs = 10_000;
/** How long a call may take at most. */
export const deadlineMaxMs = 60_000;
/** A connection is asked for a sign of life after so much silence … */
export const keepaliveAfterMs = 30_000;
/** … and ended after so much more. */
export const keepaliveTimeoutMs = 10_000;
/** How long a closing server waits for calls under way. */
export const closeGraceMs = 1000;
