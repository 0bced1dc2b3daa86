/** How often a member is asked for a sign of life, in ms. */
export const beatMs = 100;
/** A member of which nothing was heard for so long counts as dead, in ms. */
const silenceMsMax = 1000;
/** A member whose clock is further off than this gets no slots, in ms. */
const clockOffsetMsMax = 500;
/** An answer that took longer says too little about the clock of whom it is from, in ms. */
const roundTripMsMax = 200;
/** A look that comes later than this was held up here: what was not heard meanwhile is nobody's fault. */
const lateLookMs = 4 * beatMs;

/** A sign of life. */
export interface Sign {
  /** Of the beat that it answers. */
  readonly number: number;
  readonly incarnation: string;
  /** The member's clock, in ms since the Unix epoch. */
  readonly clockMs: number;
}

interface Watched {
  readonly since: number;
  heardAt: number;
  /** It gave a sign of life, or was there before anybody asked. */
  isKnown: boolean;
  /** Streams that broke, or could not be opened, since something was heard. */
  broken: number;
  /** Another life answers where this one was. */
  replaced: boolean;
  /** How far its clock is ahead, in ms; undefined before the first answer. */
  offsetMs: number | undefined;
}

/** What is known of the members at a moment. */
export interface Verdict {
  /** Incarnations that are to be fenced. */
  readonly dead: readonly string[];
  /** So many are silent that the fault is more likely on this side: none is to be fenced for it. */
  readonly ownFault: boolean;
}

/**
 * Judges by their signs of life which members live. Being wrong is permitted: a living member that is fenced
 * joins again. A member is taken for dead when its stream broke and could not be opened again, when another
 * life answers at its address, or after silence. But when more than half of the members are, charm takes
 * itself for the one who is cut off.
 */
export class Vigil {
  readonly #watched = new Map<string, Watched>();
  readonly #sentAt = new Map<number, number>();
  #number = 0;
  #lookedAt: number | undefined;
  #hasBegun = false;

  /** Watches these incarnations, and no others. */
  watch(incarnations: ReadonlySet<string>, now: number): void {
    const isKnown = !this.#hasBegun;
    this.#hasBegun = true;
    for (const known of this.#watched.keys()) if (!incarnations.has(known)) this.#watched.delete(known);
    for (const incarnation of incarnations) {
      if (this.#watched.has(incarnation)) continue;
      const unheard = { broken: 0, replaced: false, offsetMs: undefined };
      this.#watched.set(incarnation, { since: now, heardAt: now, isKnown, ...unheard });
    }
  }

  /** Number of the next beat, which goes to all. */
  beat(now: number): number {
    this.#number++;
    this.#sentAt.set(this.#number, now);
    this.#sentAt.delete(this.#number - Math.ceil(silenceMsMax / beatMs));
    return this.#number;
  }

  /**
   * Takes in a sign of life.
   *
   * @param incarnation whom the stream was opened to
   */
  heard(incarnation: string, sign: Sign, now: number): void {
    const watched = this.#watched.get(incarnation);
    if (!watched) return;
    if (sign.incarnation !== incarnation) {
      watched.replaced = true;
      return;
    }
    Object.assign(watched, { heardAt: now, broken: 0, isKnown: true });
    const sentAt = this.#sentAt.get(sign.number);
    if (sentAt === undefined || now < sentAt || now - sentAt > roundTripMsMax) return;
    watched.offsetMs = sign.clockMs - (sentAt + now) / 2;
  }

  /** The stream to a member broke, or could not be opened; whether it shall be tried again at once. */
  broke(incarnation: string): boolean {
    const watched = this.#watched.get(incarnation);
    if (!watched) return false;
    watched.broken++;
    return watched.broken === 1;
  }

  /** Looks who is dead; to be asked at every beat. */
  judge(now: number): Verdict {
    const isLate = this.#lookedAt === undefined || now - this.#lookedAt > lateLookMs || now < this.#lookedAt;
    this.#lookedAt = now;
    if (isLate) for (const watched of this.#watched.values()) watched.heardAt = now;
    const all = [...this.#watched];
    const replaced = all.filter(([, one]) => one.replaced);
    const silent = all.filter(
      ([, one]) => !one.replaced && (one.broken > 1 || now - one.heardAt >= silenceMsMax),
    );
    const ownFault = silent.length > all.length / 2;
    const dead = ownFault ? replaced : [...replaced, ...silent];
    return { dead: dead.map(([incarnation]) => incarnation), ownFault };
  }

  /** Incarnations that came after the first look, after the time, and were not heard yet. */
  strangers(after = 0): string[] {
    const strange = [...this.#watched].filter(([, { isKnown, since }]) => !isKnown && since > after);
    return strange.map(([incarnation]) => incarnation);
  }

  /**
   * Incarnations that shall get no slots: those that came after the first look and were not heard yet, and
   * those whose clocks are too far from this one's, unless that is so of more than half.
   */
  unfit(): ReadonlySet<string> {
    const all = [...this.#watched];
    const skewed = all
      .filter(([, { offsetMs = 0 }]) => Math.abs(offsetMs) > clockOffsetMsMax)
      .map(([incarnation]) => incarnation);
    return new Set([...this.strangers(), ...(skewed.length > all.length / 2 ? [] : skewed)]);
  }
}
