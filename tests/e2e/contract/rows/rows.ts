import type { Rows } from "../row.js";
import { directoryRows } from "./directory.js";
import { messagingRows } from "./messaging.js";
import { realtimeRows } from "./realtime.js";

/** What each method that is built must refuse; a built method without a row fails the test. */
export const methodRows: Rows = { ...messagingRows, ...directoryRows, ...realtimeRows };
