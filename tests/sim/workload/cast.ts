import { sleep } from "../../../lib/clock/clock.js";
import type { ChannelId, Seq } from "../../../lib/ids/ids.js";
import type { LogStore } from "../../../lib/store/log-store.js";
import type { Mesh } from "../mesh/mesh.js";
import type { Population } from "../mesh/users.js";
import { Client } from "./client.js";
import { Eraser } from "./eraser.js";
import { Poster } from "./poster.js";
import { Reader } from "./reader.js";
import { join } from "./set-up.js";
import type { Stage } from "./stage.js";

const clientCount = 12;
const posterCount = 4;
const readerCount = 2;

/** Everybody who takes part in a run. */
export class Cast {
  private readonly clients: Client[] = [];
  private readonly posters: Poster[] = [];
  private readonly readers: Reader[] = [];
  private readonly eraser: Eraser;
  private joining = 0;

  constructor(
    private readonly stage: Stage,
    private readonly mesh: Mesh,
    private readonly population: Population,
  ) {
    const { members, outsider } = population;
    for (let i = 0; i < clientCount; i++) this.addClient(members[i % members.length]!);
    this.addClient(outsider);
    for (let i = 1; i <= posterCount; i++) this.posters.push(new Poster(stage, `poster-${i}`, population));
    this.eraser = new Eraser(stage, members[0]!);
    for (let i = 1; i <= readerCount; i++) this.readers.push(new Reader(stage, `reader-${i}`, population));
  }

  /** All calls of the API have been answered. */
  get isIdle(): boolean {
    const { clients, posters, readers, eraser, joining } = this;
    return (
      joining === 0 &&
      !eraser.busy &&
      clients.every(({ isIdle }) => isIdle) &&
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

  /** Everybody follows the busiest channel, and some of the others. */
  private begin(client: Client, until: number): void {
    const random = this.stage.world.random(`begin of ${client.name}`);
    const { channels, outsider } = this.population;
    for (const [i, channel] of channels.entries()) {
      if (i === 0 || random.chance(0.3)) client.follow(channel, random.chance(0.5), client.user !== outsider);
    }
    client.connect();
    void client.live(until);
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
