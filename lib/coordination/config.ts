import { z } from "zod";
import { nameList } from "../config/values.js";

/** What coordinates the services of a mesh. */
export const coordinators = ["memory", "etcd"] as const;

const endpointShape = /^https?:\/\/(\[[0-9a-fA-F:.]+\]|[^\s/:@]+):\d{1,5}$/;

/** Variables of services that take part in a mesh. */
export const coordinatorVariables = {
  coordinator: z
    .enum(coordinators)
    .default("memory")
    .describe("What coordinates the services: memory, for one process alone, or etcd."),
  etcd: z
    .object({
      endpoints: nameList()
        .refine((urls) => urls.length > 0, "must name at least one")
        .refine((urls) => urls.every((url) => endpointShape.test(url)), "must be http(s)://HOST:PORT each")
        .refine((urls) => new Set(urls.map(protocolOf)).size < 2, "must be all http or all https")
        .default(["http://127.0.0.1:2379"])
        .describe("Members of etcd, separated by commas."),
      prefix: z
        .string()
        .regex(/^[\w./-]{1,200}$/, "must be 1 to 200 letters, digits, '.', '_', '/' and '-'")
        .default("confab/")
        .describe("In front of every key in etcd. Meshes that share an etcd need different ones."),
      user: z.string().default("").describe("User of etcd; empty where it asks for none."),
      password: z
        .string()
        .default("")
        .describe("Password of the user of etcd; needs https unless etcd is on this machine."),
      ca: z.string().default("").describe("File (PEM) with who may sign etcd's certificate, for https."),
      certificate: z.string().default("").describe("File (PEM) with our certificate, if etcd asks for one."),
      key: z.string().default("").describe("File (PEM) with the key of our certificate."),
    })
    .superRefine(({ endpoints, user, password, ca, certificate, key }, { addIssue }) => {
      const fault = (name: string, message: string) => addIssue({ code: "custom", path: [name], message });
      // What is missing is named, and then said to be required.
      if (password !== "" && user === "") fault("user", "");
      if (user !== "" && password === "") fault("password", "");
      if (certificate !== "" && key === "") fault("key", "");
      if (key !== "" && certificate === "") fault("certificate", "");
      if (certificate !== "" && ca === "") fault("ca", "");
      if (ca !== "" && endpoints.some((url) => protocolOf(url) !== "https"))
        fault("ca", "needs https endpoints");
      if (password !== "" && endpoints.some((url) => protocolOf(url) !== "https" && !isLoopback(url)))
        fault("password", "goes over the network: needs https endpoints, or http ones on this machine");
    }),
};

/** What was read of the variables. */
export type CoordinatorConfig = z.output<z.ZodObject<typeof coordinatorVariables>>;

function protocolOf(url: string): string {
  return url.slice(0, url.indexOf(":"));
}

/** Whether what is sent there stays on this machine. */
function isLoopback(url: string): boolean {
  const host = url.slice(url.indexOf("//") + 2, url.lastIndexOf(":")).toLowerCase();
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
