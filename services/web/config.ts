import { z } from "zod";
import { addressText, nameList } from "../../lib/config/values.js";

/** Configuration of the web service. */
export const webConfigSchema = z.object({
  address: addressText().default("127.0.0.1:8080").describe("Where to listen for HTTP, as host:port."),
  hosts: nameList()
    .default([])
    .describe("Names, besides those of loopback, under which clients may ask, separated by commas."),
  region: z.string().default("").describe("Region whose gateways clients are sent to; any if empty."),
});
