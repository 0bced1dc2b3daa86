import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

const copyDependencies = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";

/** What is to be filled, and with what. */
interface Filling {
  readonly build: {
    readonly version: string;
    /** Of all jars together, as `hashOfJars` makes it. */
    readonly sha256: string;
  };
  /** An empty folder to work in. */
  readonly scratch: string;
  /** The folder to fill. */
  readonly folder: string;
  say(line: string): void;
}

/** Runs Maven in a folder. */
type Maven = (args: readonly string[], folder: string, say: Filling["say"]) => Promise<void>;

/**
 * Fills a folder with Cassandra's jars, in `lib`, by Maven and from where it is set up to look. Cassandra is
 * published as a library: a project that needs nothing else has its whole runtime.
 * @throws Error if the jars are others than are known
 */
export async function fillWithCassandra(filling: Filling, maven: Maven = runMaven): Promise<void> {
  const { build, scratch, folder, say } = filling;
  say(`fetching Cassandra ${build.version} by Maven`);
  await writeFile(join(scratch, "pom.xml"), projectOf(build.version));
  const lib = join(folder, "lib");
  await mkdir(lib, { recursive: true });
  const options = ["-DincludeScope=runtime", `-DoutputDirectory=${lib}`];
  await maven(["-B", "-q", copyDependencies, ...options], scratch, say);
  const sha256 = await hashOfJars(lib);
  if (sha256 !== build.sha256) throw new Error(`the jars have another hash than is known: ${sha256}`);
}

/** One hash of the names and contents of all files. */
export async function hashOfJars(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of (await readdir(folder)).sort()) {
    const content = createHash("sha256").update(await readFile(join(folder, name)));
    hash.update(`${content.digest("hex")}  ${name}\n`);
  }
  return hash.digest("hex");
}

function projectOf(version: string): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>confab</groupId>
  <artifactId>cassandra-runtime</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.cassandra</groupId>
      <artifactId>cassandra-all</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;
}

async function runMaven(args: readonly string[], folder: string, say: Filling["say"]): Promise<void> {
  const child = spawn("mvn", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on("line", say);
  const [code, signal] = await once(child, "close").catch((error) => {
    throw new Error(`Maven cannot be run: ${error.message}`, { cause: error });
  });
  if (code !== 0) throw new Error(`Maven failed (${signal ?? `exit code ${code}`})`);
}
