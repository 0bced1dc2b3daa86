import { z } from "zod";
import lock from "./lock.json" with { type: "json" };

/** A package of a registry, pinned. */
const buildSchema = z.strictObject({
  package: z.string().min(1),
  version: z.string().min(1),
  /**
   * SHA-256 of what the registry hands out, hexadecimal: an archive, or the listing of all files that came
   * (`fingerprintOf`). For a Go module the sum of its files as in go.sum (`h1:`, SHA-256 in base64).
   */
  sha256: z.string().regex(/^([0-9a-f]{64}|h1:[\w+/]{43}=)$/),
});

const lockSchema = z.record(
  z.string(),
  z.strictObject({
    registry: z.enum(["cargo", "go", "maven", "npm", "pip"]),
    /** By platform, as in `linux-x64`; `any` where the package is one for all. */
    builds: z.record(z.string(), buildSchema),
  }),
);

/** A package that a component is made of. */
export type Build = z.infer<typeof buildSchema>;
/** A server or tool that Confab works with and that comes from a package registry. */
export type ComponentName = keyof typeof lock;

const parsed = lockSchema.parse(lock);

/** This machine's platform, as builds and folders are named by. */
export const platform = `${process.platform}-${process.arch}`;

/** All names, in the order of the lock file. */
export const componentNames = Object.keys(parsed) as readonly ComponentName[];

/** The package of a component for a platform, or undefined if there is none. */
export function buildOf(name: ComponentName, on = platform): Build | undefined {
  const { builds } = parsed[name]!;
  return builds[on] ?? builds.any;
}
