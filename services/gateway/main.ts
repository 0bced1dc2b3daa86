import { runProgram } from "../../lib/service/run-program.js";
import { readGatewayConfig } from "./config.js";
import { startGateway } from "./program.js";

await runProgram({ service: "gateway", readConfig: readGatewayConfig, start: startGateway });
