import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkHash, fingerprintOf } from "../hashes.js";
import { runTool } from "../run-tool.js";
import type { Fetching } from "../sources/source.js";

const copyDependencies = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";

/** Runs Maven in a folder. */
type Maven = (args: readonly string[], cwd: string) => Promise<unknown>;

/**
 * Fills a folder with Cassandra's jars, in `lib`, by Maven and from where it is set up to look. Cassandra is
 * published as a library: a project that needs nothing else has its whole runtime.
 */
export async function fillWithCassandra(
  { build, scratch, folder, say }: Fetching,
  maven: Maven = (args, cwd) => runTool("mvn", args, { cwd }),
): Promise<void> {
  say(`fetching ${build.package} ${build.version} by Maven`);
  writeFileSync(join(scratch, "pom.xml"), projectOf(build.package, build.version));
  const lib = join(folder, "lib");
  mkdirSync(lib);
  const options = ["-DincludeScope=runtime", `-DoutputDirectory=${lib}`];
  await maven(["-B", "-q", copyDependencies, ...options], scratch);
  checkHash(build, await fingerprintOf(lib));
}

function projectOf(name: string, version: string): string {
  const [groupId, artifactId] = name.split(":");
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>confab</groupId>
  <artifactId>cassandra-runtime</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>${groupId}</groupId>
      <artifactId>${artifactId}</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;
}
