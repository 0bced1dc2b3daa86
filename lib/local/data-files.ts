import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

/** Folder of a local server's data when nobody names another. */
export const dataFolderDefault = join(homedir(), ".confab");

const addressesSchema = z.object({
  /** Base of the Web API. */
  url: z.string(),
  /** WebSocket of the first gateway. */
  ws: z.string(),
  /** `host:port` */
  grpc: z.string(),
  /** File (PEM) with who signed the certificate of those addresses; without it they are plain text. */
  ca: z.string().min(1).optional(),
  /** Where traces are looked at, if they are: base URL of Jaeger. */
  jaeger: z.string().optional(),
});
const announcementSchema = addressesSchema.extend({ pid: z.number().int().positive() });

/** Where the services of one process are reached. */
export type Addresses = z.output<typeof addressesSchema>;
/** What a running server says of itself in its data folder. */
export type Announcement = z.output<typeof announcementSchema>;

/** The files of a data folder that clients on the same machine look for. */
export function dataFiles(folder: string): { readonly announcement: string; readonly token: string } {
  return { announcement: join(folder, "server.json"), token: join(folder, "token") };
}

/** The content of the announcement file. */
export function formatAnnouncement(announcement: Announcement): string {
  return `${JSON.stringify(announcement)}\n`;
}

/** Reads what `formatAnnouncement` wrote; undefined if it is something else. */
export function parseAnnouncement(text: string): Announcement | undefined {
  try {
    return announcementSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
