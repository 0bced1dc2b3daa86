/** A life of a channel server that may own slots, as the store knows of it. */
export interface Enlisted {
  readonly incarnation: string;
  /** Of the coordinator's data when that life began: data that were lost and made anew have another one. */
  readonly generation: string;
}

/**
 * Who may write to channel logs, kept where the logs are. The coordinator's records say who owns what; should
 * they be lost, this says whom to fence before anything is given to others.
 */
export interface RosterStore {
  /** Notes a life, before it owns anything. */
  enlist(enlisted: Enlisted): Promise<void>;
  /** Forgets a life that was fenced or has ended owning nothing. It is never enlisted again. */
  delist(incarnation: string): Promise<void>;
  /** All lives that were noted before this was asked, and not forgotten. */
  readRoster(): Promise<Enlisted[]>;
}
