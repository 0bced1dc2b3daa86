import type { Heartbeat, Member } from "../../gen/confab/mesh/v1/ring.js";
import type { Clock, Timer } from "../../lib/clock/clock.js";
import type { Link, Links } from "../../lib/links/links.js";
import type { Log } from "../../lib/log/log.js";
import { beatMs, Vigil } from "./core/vigil.js";

/** How long slots wait for the first sign of members that are new, in ms. */
const firstSignMsMax = 200;

/** What heartbeats are made of. */
interface HeartbeatsParts {
  readonly clock: Clock;
  readonly links: Links;
  readonly log: Log;
  /** Who is dead or unfit changed. */
  readonly changed: () => void;
  /** More than half of the members are silent: it is more likely that nobody can be heard from here. */
  readonly isolated: () => void;
}

/** Asks the members for signs of life, over one stream to each, from `begin` to `end`. */
export class Heartbeats {
  #vigil = new Vigil();
  readonly #links = new Map<string, Link<Heartbeat>>();
  #members: readonly Member[] = [];
  #doomed: ReadonlySet<string> = new Set();
  #dead: ReadonlySet<string> = new Set();
  #unfit: ReadonlySet<string> = new Set();
  #timer: Timer | undefined;
  /** Who waits until all members were heard. */
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly parts: HeartbeatsParts) {}

  /** Incarnations that are taken for dead. */
  get dead(): ReadonlySet<string> {
    return this.#dead;
  }

  /** Incarnations that live and shall get no slots. */
  get unfit(): ReadonlySet<string> {
    return this.#unfit;
  }

  /** Begins, knowing nothing of anybody. */
  begin(): void {
    this.end();
    this.#vigil = new Vigil();
    this.#beatLater();
  }

  /** Asks nobody any more. Safe to call twice. */
  end(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#acquaint();
    this.#members = [];
    this.#doomed = new Set();
    this.#dead = new Set();
    this.#unfit = new Set();
    for (const link of this.#links.values()) link.close("nobody is watched any more");
    this.#links.clear();
  }

  /**
   * Asks these members from now on.
   *
   * @param doomed incarnations that are fenced: they are told so, that they may begin another life
   */
  watch(members: readonly Member[], doomed: ReadonlySet<string>): void {
    if (!this.#timer) return;
    this.#members = members;
    this.#doomed = doomed;
    const living = members.map(({ incarnation }) => incarnation).filter((one) => !doomed.has(one));
    this.#vigil.watch(new Set(living), this.parts.clock.now());
    this.#unfit = this.#vigil.unfit();
    const strangers = new Set(this.#vigil.strangers());
    for (const member of members) {
      if (strangers.has(member.incarnation) && !this.#links.has(member.incarnation)) this.#ask(member);
    }
    const known = new Set(members.map(({ incarnation }) => incarnation));
    for (const [incarnation, link] of this.#links) {
      if (known.has(incarnation)) continue;
      this.#links.delete(incarnation);
      link.close("not a member any more");
    }
  }

  /** Resolves once all members were heard for the first time, or those that were not had time enough. */
  async acquainted(): Promise<void> {
    const { clock } = this.parts;
    if (this.#vigil.strangers(clock.now() - firstSignMsMax).length === 0) return;
    const timer = clock.after(firstSignMsMax, () => this.#acquaint());
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    timer.cancel();
  }

  #acquaint(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #beatLater(): void {
    this.#timer = this.parts.clock.after(beatMs, () => {
      this.#beatLater();
      this.#beat();
    });
  }

  #beat(): void {
    const now = this.parts.clock.now();
    this.#judge(now);
    const number = this.#vigil.beat(now);
    for (const member of this.#members) {
      const fenced = this.#doomed.has(member.incarnation);
      this.#linkTo(member).send({ number, fenced });
    }
  }

  /** Asks one member out of turn. */
  #ask(member: Member): void {
    this.#linkTo(member).send({ number: this.#vigil.beat(this.parts.clock.now()), fenced: false });
  }

  #judge(now: number): void {
    const { dead, ownFault } = this.#vigil.judge(now);
    const unfit = this.#vigil.unfit();
    const news = dead.filter((incarnation) => !this.#dead.has(incarnation));
    if (news.length > 0) this.parts.log.warn({ incarnations: news }, "members give no sign of life");
    const isSame = sameSet(this.#dead, new Set(dead)) && sameSet(this.#unfit, unfit);
    this.#dead = new Set(dead);
    this.#unfit = unfit;
    if (!isSame) this.parts.changed();
    if (ownFault) this.parts.isolated();
  }

  #linkTo({ incarnation, address }: Member): Link<Heartbeat> {
    const open = this.#links.get(incarnation);
    if (open) return open;
    const link = this.parts.links.open(address, "beat", {
      received: (answer) => {
        if (this.#links.get(incarnation) !== link) return;
        const sign = {
          number: answer.number,
          incarnation: answer.incarnation,
          clockMs: answer.clockUs / 1000,
        };
        this.#vigil.heard(incarnation, sign, this.parts.clock.now());
        if (this.#waiting.length > 0 && this.#vigil.strangers().length === 0) this.#acquaint();
      },
      closed: () => this.#broke(incarnation, link),
    });
    this.#links.set(incarnation, link);
    return link;
  }

  /** A member that is not there any more refuses a second try, too, and is known for dead by that. */
  #broke(incarnation: string, link: Link<Heartbeat>): void {
    if (this.#links.get(incarnation) !== link) return;
    this.#links.delete(incarnation);
    const triesAgain = this.#vigil.broke(incarnation);
    const member = this.#members.find((one) => one.incarnation === incarnation);
    if (triesAgain && member) this.#ask(member);
    else this.#judge(this.parts.clock.now());
  }
}

function sameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((incarnation) => other.has(incarnation));
}
