import { runProgram } from "../../lib/service/run-program.js";
import { readChannelConfig } from "./config.js";
import { startChannel } from "./program.js";

await runProgram({ service: "channel", readConfig: readChannelConfig, start: startChannel });
