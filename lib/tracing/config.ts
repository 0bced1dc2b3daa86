import { z } from "zod";

/** Variables of services that say how calls go through them. */
export const tracingVariables = {
  tracing: z.object({
    endpoint: z
      .string()
      .default("")
      .refine((text) => text === "" || isEndpoint(text), "must be http://host:port or https://host:port")
      .describe("Collector of traces, by OTLP over gRPC, as http://host:4317; without it nothing is traced."),
    ratio: z.coerce
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe(
        "Share of the requests that is traced, of those that come without a trace, from 0 to 1; others are traced if their trace is.",
      ),
  }),
};

/** What was read of the variables. */
export type TracingConfig = z.output<z.ZodObject<typeof tracingVariables>>;

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname } = new URL(text);
  return (protocol === "http:" || protocol === "https:") && hostname !== "" && pathname === "/";
}
