import { z } from "zod";

/** Variables of services that speak TLS to each other. */
export const tlsVariables = {
  tls: z
    .object({
      authority: z
        .string()
        .default("")
        .describe("File (PEM) with who signs the services' certificates; without it there is no TLS."),
      certificate: z.string().default("").describe("File (PEM) with the certificate of this service."),
      key: z.string().default("").describe("File (PEM) with the key of that certificate."),
    })
    .superRefine(({ authority, certificate, key }, { addIssue }) => {
      if (authority === "" && certificate === "" && key === "") return;
      // What is missing is named, and then said to be required.
      const missing = Object.entries({ authority, certificate, key }).filter(([, file]) => file === "");
      for (const [name] of missing) addIssue({ code: "custom", path: [name], message: "" });
    }),
};

/** What was read of the variables. */
export type TlsConfig = z.output<z.ZodObject<typeof tlsVariables>>;
