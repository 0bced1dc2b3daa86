import { runProgram } from "../../lib/service/run-program.js";
import { readWebConfig } from "./config.js";
import { startWeb } from "./program.js";

await runProgram({ service: "web", readConfig: readWebConfig, start: startWeb });
