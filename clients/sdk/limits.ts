/** How long one try of a call may take, in ms. */
export const callMsMax = 10_000;
/** How long a call or a post is tried again, in ms, unless the application says otherwise. */
export const timeoutMsDefault = 60_000;
/** The first pause before another try is at most this long, in ms; it doubles each time … */
export const backoffFirstMsMax = 250;
/** … up to this. */
export const backoffMsMax = 15_000;
/** Most bytes of text that go with one call, unless a single message has more. */
export const postBytesPerCallMax = 1024 * 1024;
/** Most posts of one channel that wait for an answer. */
export const postsWaitingMax = 10_000;
/** How long opening a connection may take, up to its first frame, in ms. */
export const openMsMax = 10_000;
/** How long a gateway may take to answer the end of a connection before it is cut, in ms; in Node. */
export const closeMsMax = 1000;
/** How often the connection is looked after, in ms. */
export const tickMs = 2000;
/** A tick that comes so much too late means that the machine slept. */
export const sleepMsMin = 10_000;
/** How long the answer to a ping may take when the connection is in doubt, in ms. */
export const probeMsMax = 5000;
/** Most channels that are asked for in one frame: far below the largest frame of a client. */
export const channelsPerFrameMax = 1000;
/** Most events that wait for the application, for each subscription; what comes later is fetched again. */
export const queueEventsMax = 1000;
/** Most events of a channel that are kept while what lies before them is fetched. */
export const heldEventsMax = 1000;
