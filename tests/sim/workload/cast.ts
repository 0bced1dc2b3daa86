import { sleep } from "../../../lib/clock/clock.js";
import type { ChannelId, Seq, UserId } from "../../../lib/ids/ids.js";
import type { LogStore } from "../../../lib/store/log-store.js";
import type { Mesh } from "../mesh/mesh.js";
import type { Population } from "../mesh/users.js";
import { AllClient } from "./all-client.js";
import { Client } from "./client.js";
import { Eraser } from "./eraser.js";
import { Guest } from "./guest.js";
import { Poster } from "./poster.js";
import { Reader } from "./reader.js";
import { join } from "./set-up.js";
import type { Stage } from "./stage.js";

const clientCount = 12;
const posterCount = 4;
const readerCount = 2;
/** How many clients of each guest there are. */
const guestClientCount = 2;

/** Everybody who takes part in a run. */
export class Cast {
  private readonly clients: Client[] = [];
  private readonly posters: Poster[] = [];
  private readonly readers: Reader[] = [];
  private readonly eraser: Eraser;
  private readonly guests: Guest[] = [];
  private joining = 0;

  constructor(
    private readonly stage: Stage,
    private readonly mesh: Mesh,
    private readonly population: Population,
  ) {
    const { members, outsider } = population;
    for (let i = 0; i < clientCount; i++) this.addClient(members[i % members.length]!);
    this.addClient(outsider);
    const everywhere = new Map(population.channels.map((channel) => [channel, 0]));
    this.addFollowers(members[members.length - 1]!, everywhere, 1);
    for (const user of population.guests) {
      const memberships = new Map<ChannelId, Seq>();
      const clients = this.addFollowers(user, memberships, guestClientCount);
      this.guests.push(new Guest(stage, population, { user, memberships, clients }));
    }
    for (let i = 1; i <= posterCount; i++) this.posters.push(new Poster(stage, `poster-${i}`, population));
    this.eraser = new Eraser(stage, members[0]!);
    for (let i = 1; i <= readerCount; i++) this.readers.push(new Reader(stage, `reader-${i}`, population));
  }

  /** All calls of the API have been answered. */
  get isIdle(): boolean {
    const { clients, posters, readers, guests, eraser, joining } = this;
    return (
      joining === 0 &&
      !eraser.busy &&
      clients.every(({ isIdle }) => isIdle) &&
      guests.every(({ busy }) => !busy) &&
      posters.every(({ busy }) => busy === 0) &&
      readers.every(({ busy }) => !busy)
    );
  }

  /** Name of a client that does not have all, by the newest `seq` of each channel; undefined if all do. */
  laggard(newest: ReadonlyMap<ChannelId, Seq>): string | undefined {
    return this.clients.find((client) => !client.hasAll(newest))?.name;
  }

  /** Lets everybody act until the moment (simulated ms). */
  start(until: number): void {
    for (const client of this.clients) this.begin(client, until);
    for (const guest of this.guests) void guest.run(until);
    for (const poster of this.posters) void poster.run(until);
    for (const reader of this.readers) void reader.run(until);
    void this.eraser.run(until);
    for (const user of this.population.latecomers) void this.comeLate(user, until);
  }

  /** Looks in the store for what was deleted. */
  audit(store: LogStore): Promise<void> {
    return this.eraser.audit(store);
  }

  /** All clients end their connections for good. */
  leave(): void {
    for (const client of this.clients) client.end();
  }

  private addClient(user: Population["outsider"]): Client {
    const client = new Client(this.stage, this.mesh, `client-${this.clients.length + 1}`, user);
    this.clients.push(client);
    return client;
  }

  /** Clients that follow all of a user's channels. */
  private addFollowers(user: UserId, memberships: ReadonlyMap<ChannelId, Seq>, count: number): AllClient[] {
    return Array.from({ length: count }, () => {
      const name = `client-${this.clients.length + 1}`;
      const client = new AllClient(this.stage, this.mesh, name, user, memberships);
      this.clients.push(client);
      return client;
    });
  }

  private begin(client: Client, until: number): void {
    if (!(client instanceof AllClient)) this.choose(client);
    client.connect();
    void client.live(until);
  }

  /** Everybody follows the busiest channel, and some of the others. */
  private choose(client: Client): void {
    const random = this.stage.world.random(`begin of ${client.name}`);
    const { channels, outsider } = this.population;
    for (const [i, channel] of channels.entries()) {
      if (i === 0 || random.chance(0.3)) client.follow(channel, random.chance(0.5), client.user !== outsider);
    }
  }

  private async comeLate(user: Population["outsider"], until: number): Promise<void> {
    const { stage, population } = this;
    const { world } = stage;
    const random = world.random(`late ${user}`);
    await sleep(world.clock, random.fraction() * (until - world.scheduler.now));
    this.joining++;
    world.coverage.hit("member.joined_late");
    for (const channel of population.channels) await join(stage, channel, population.members[0]!, [user]);
    this.begin(this.addClient(user), until);
    this.joining--;
  }
}
