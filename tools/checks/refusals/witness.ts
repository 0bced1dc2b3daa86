import { z } from "zod";
import type { Refuser } from "./refusal.js";

/** Envoy's clusters, by the service behind them. */
const services: Readonly<Record<string, Refuser>> = {
  web: "web",
  admin: "admin",
  gatewaySockets: "gateway",
  gatewayStreams: "gateway",
};
const statsSchema = z.object({
  stats: z.array(z.object({ name: z.string(), value: z.number() })),
});

/** Sees by Envoy's counters who answers a request: a service that got it, or Envoy, which passed none on. */
export class Witness {
  /** @param administration URL of Envoy's administration */
  constructor(private readonly administration: string) {}

  /** Does something, and says who answered it. No one else may use the mesh meanwhile. */
  async answerer(work: () => Promise<void>): Promise<Refuser> {
    const before = await this.#passedOn();
    await work();
    const after = await this.#passedOn();
    const grown = [...after].filter(([cluster, requests]) => requests > (before.get(cluster) ?? 0));
    return grown.map(([cluster]) => services[cluster]!).at(-1) ?? "envoy";
  }

  /** How many requests each cluster was given. */
  async #passedOn(): Promise<Map<string, number>> {
    const filter = `^cluster\\.(${Object.keys(services).join("|")})\\.upstream_rq_total$`;
    const url = `${this.administration}/stats?format=json&filter=${encodeURIComponent(filter)}`;
    const { stats } = statsSchema.parse(await (await fetch(url)).json());
    if (stats.length !== Object.keys(services).length)
      throw new Error("Envoy does not count what it passes on");
    return new Map(stats.map(({ name, value }) => [name.split(".")[1]!, value]));
  }
}
