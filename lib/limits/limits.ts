/** Bounds of the contract: what a client may send, and how much is kept on its behalf. */

/** Most code points of a message's text. */
export const textCodePointsMax = 40_000;
/** Most bytes of a message's text in UTF-8. */
export const textBytesMax = 256 * 1024;
/** Most bytes of a `client_msg_id`. */
export const clientMsgIdBytesMax = 64;
/** Most messages of one `PostMessages`. */
export const postsPerCallMax = 256;
/** Most events of one page. */
export const pageEventsMax = 1000;
/** Events of a page when the caller names no limit. */
export const pageEventsDefault = 100;
/** Most users of one change of membership. */
export const membersPerCallMax = 1000;
/** Most bytes of the name of an emoji. */
export const emojiBytesMax = 64;
/** Most different emoji on one message. */
export const emojiPerMessageMax = 50;
/** Most conversations of one question for what is unread. */
export const unreadConversationsMax = 1000;
/** With so many bytes of events or messages a page ends; well below the 4 MiB that gRPC clients take. */
export const pageBytesMax = 2 * 1024 * 1024;
/** Largest frame that a client may send over a socket, in bytes. */
export const clientFrameBytesMax = 320 * 1024;
/** Frames beyond this many bytes are not even read to the end: the socket is closed. */
export const socketFrameBytesMax = 1024 * 1024;
/** A connection with more bytes than this sent but not read by its client is ended; it can resume. */
export const socketBufferedBytesMax = 4 * 1024 * 1024;
/** With more bytes than this waiting for its reader, a connection gets no transient events. */
export const transientBytesMax = 64 * 1024;
/** With more bytes than this waiting for its reader, a connection's catch-up pauses. */
export const catchUpBytesMax = 1024 * 1024;
/** Most channels that one connection may follow. */
export const subscriptionsMax = 5000;
/** Most events caught up in one go; beyond it a gap is announced. */
export const catchUpEventsMax = 1000;
/** Channels that a channel server keeps in memory besides those at work; the least recently used ones go. */
export const activeChannelsMaxDefault = 50_000;
/**
 * How long a channel stays in memory after its last use, in ms. Longer than posts are remembered (11
 * minutes), so that nothing is lost that would have to be looked up.
 */
export const channelIdleMsDefault = 900_000;
/** Most posts, reactions and read marks of one connection that have no answer yet. */
export const sendsUnderWayMax = 64;
/** How long such a request may take before it is answered by `deadline_exceeded`, in ms. */
export const sendMsMax = 10_000;
/** How often a gateway pings a connection, in ms; twice as long without a sign of life ends it. */
export const heartbeatMs = 24_000;
