import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import lock from "../lock.json" with { type: "json" };

const copyDependencies = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";

/** Cassandra is published as a library: a project that needs nothing else has its whole runtime. */
const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>confab</groupId>
  <artifactId>cassandra-runtime</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.cassandra</groupId>
      <artifactId>cassandra-all</artifactId>
      <version>${lock.cassandra.version}</version>
    </dependency>
  </dependencies>
</project>
`;

/** Fills a folder with Cassandra's jars, in `lib`, by Maven and as Maven is set up to find them. */
export async function fillWithCassandra(folder: string, say: (line: string) => void): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "confab-cassandra-"));
  try {
    await writeFile(join(work, "pom.xml"), project);
    const lib = join(folder, "lib");
    await mkdir(lib, { recursive: true });
    const scope = ["-DincludeScope=runtime", `-DoutputDirectory=${lib}`];
    await run("mvn", ["-B", "-q", copyDependencies, ...scope], work, say);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function run(command: string, args: readonly string[], cwd: string, say: (line: string) => void) {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on("line", say);
  const [code, signal] = await once(child, "close").catch((error) => {
    throw new Error(`${command} cannot be run: ${error.message}`, { cause: error });
  });
  if (code !== 0) throw new Error(`${command} failed (${signal ?? `exit code ${code}`})`);
}
