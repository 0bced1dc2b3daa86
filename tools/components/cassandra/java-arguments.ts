const exports = [
  "java.base/jdk.internal.misc",
  "java.base/java.lang.ref",
  "java.management.rmi/com.sun.jmx.remote.internal.rmi",
  "java.rmi/sun.rmi.registry",
  "java.rmi/sun.rmi.server",
  "java.sql/java.sql",
  "jdk.unsupported/sun.misc",
  "jdk.compiler/com.sun.tools.javac.file",
  "jdk.attach/sun.tools.attach",
];

const opens = [
  "java.base/java.io",
  "java.base/java.lang",
  "java.base/java.lang.module",
  "java.base/java.lang.reflect",
  "java.base/java.nio",
  "java.base/java.util",
  "java.base/java.util.concurrent",
  "java.base/java.util.concurrent.atomic",
  "java.base/jdk.internal.loader",
  "java.base/jdk.internal.math",
  "java.base/jdk.internal.module",
  "java.base/jdk.internal.ref",
  "java.base/jdk.internal.reflect",
  "java.base/jdk.internal.util.jar",
  "java.base/sun.nio.ch",
  "jdk.compiler/com.sun.tools.javac",
  "jdk.management/com.sun.management.internal",
];

/** What Cassandra 5 asks of a JVM of version 17, and what lets one node be up soon. */
export const javaArguments: readonly string[] = [
  "-Djdk.attach.allowAttachSelf=true",
  ...exports.map((name) => `--add-exports=${name}=ALL-UNNAMED`),
  ...opens.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
  "-Dio.netty.tryReflectionSetAccessible=true",
  "-Djava.net.preferIPv4Stack=true",
  "-XX:+UseG1GC",
  "-XX:+PerfDisableSharedMem",
  "-XX:+ExitOnOutOfMemoryError",
  "-Xss512k",
  // Without it the node closes its output, by which it says that it is ready.
  "-Dcassandra-foreground=yes",
  "-Dcassandra.skip_wait_for_gossip_to_settle=0",
  "-Dcassandra.superuser_setup_delay_ms=0",
];
