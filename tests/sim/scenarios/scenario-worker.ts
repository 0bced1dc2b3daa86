import { register } from "node:module";
import { mutations } from "../edits/mutations.js";

// A process that runs one scenario with a deliberate bug, which is set before any service is loaded.
const [name = "", mutation = ""] = process.argv.slice(2);
const edits = mutations[mutation];
if (!edits) throw new Error(`no mutation ${mutation}`);
register("../edits/loader-worker.js", import.meta.url, { data: edits });
const { scenarios } = await import("./all.js");
const scenario = scenarios.find((one) => one.name === name);
if (!scenario) throw new Error(`no scenario ${name}`);
const broken = await scenario.run().then(
  () => "",
  (error: unknown) => String(error),
);
process.send?.(broken);
process.disconnect();
