/** Who answers clients and peers of a mesh. */
export type Refuser = "envoy" | "web" | "admin" | "gateway" | "channel";

/** What came of something that must not be let in. */
export interface Refusal {
  readonly case: string;
  /** Who was seen to refuse it; `nobody` where it was let in. */
  readonly refusedBy: Refuser | "nobody";
  /** HTTP status and named error, the error of a frame or a call, or that of the handshake. */
  readonly code: string;
}
