import type { SimNode } from "./node.js";

/** Somebody who offers something at an address. */
export interface Offering<Offer> {
  readonly node: SimNode;
  readonly address: string;
  readonly offer: Offer;
}

/** First port that is given to those who do not ask for one. */
const firstPort = 40_000;

/** Who listens where. */
export class Addresses<Offer> {
  private readonly offerings = new Map<string, Offering<Offer>>();
  private nextPort = firstPort;

  /** Takes an address (`host:port`; port 0 picks one); throws if a living process has it. */
  claim(node: SimNode, wish: string, offer: Offer): Offering<Offer> {
    const address = wish.endsWith(":0") ? `${wish.slice(0, -1)}${this.nextPort++}` : wish;
    if (this.find(address)) throw new Error(`address ${address} is in use`);
    const offering = { node, address, offer };
    this.offerings.set(address, offering);
    return offering;
  }

  find(address: string): Offering<Offer> | undefined {
    const offering = this.offerings.get(address);
    return offering?.node.alive ? offering : undefined;
  }

  release(offering: Offering<Offer>): void {
    if (this.offerings.get(offering.address) === offering) this.offerings.delete(offering.address);
  }
}
