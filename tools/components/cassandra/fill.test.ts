import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fillWithCassandra, hashOfJars } from "./fill.js";

describe("filling a folder with Cassandra", () => {
  const folders: string[] = [];
  const newFolder = () => {
    folders.push(mkdtempSync(join(tmpdir(), "confab-fill-")));
    return folders.at(-1)!;
  };
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  /** Stands for Maven: copies two files to where it was told. */
  const maven = (content: string) => async (args: readonly string[]) => {
    const lib = args.find((arg) => arg.startsWith("-DoutputDirectory="))!.split("=")[1]!;
    writeFileSync(join(lib, "b.jar"), "b");
    writeFileSync(join(lib, "a.jar"), content);
  };

  it("asks for the version that is pinned, and takes the jars that are known only", async () => {
    const known = newFolder();
    for (const name of ["a", "b"]) writeFileSync(join(known, `${name}.jar`), name);
    const build = { version: "5.0.9", sha256: await hashOfJars(known) };
    const filling = { build, scratch: newFolder(), folder: newFolder(), say: () => {} };
    await fillWithCassandra(filling, maven("a"));
    assert.match(readFileSync(join(filling.scratch, "pom.xml"), "utf8"), /cassandra-all.*<version>5\.0\.9</s);
    assert.equal(readFileSync(join(filling.folder, "lib", "a.jar"), "utf8"), "a");
    await assert.rejects(fillWithCassandra(filling, maven("tampered")), /another hash than is known/);
  });
});
