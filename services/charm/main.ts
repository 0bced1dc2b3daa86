import { runProgram } from "../../lib/service/run-program.js";
import { readCharmConfig } from "./config.js";
import { startCharm } from "./program.js";

await runProgram({ service: "charm", readConfig: readCharmConfig, start: startCharm });
