import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for the tests of a `describe`, gone when they are done. */
export function temporaryFolder(): { readonly path: string } {
  const folder = { path: "" };
  before(() => {
    folder.path = mkdtempSync(join(tmpdir(), "confab-store-"));
  });
  after(() => {
    rmSync(folder.path, { recursive: true, force: true });
  });
  return folder;
}
