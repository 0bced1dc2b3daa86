import { runProgram } from "../../lib/service/run-program.js";
import { readAdminConfig } from "./config.js";
import { startAdmin } from "./program.js";

await runProgram({ service: "admin", readConfig: readAdminConfig, start: startAdmin });
