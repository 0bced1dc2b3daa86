import { systemClock } from "../clock/system-clock.js";
import { linksSuite } from "./links-suite.js";
import { MemoryLinks } from "./memory-links.js";

linksSuite("in memory", () => ({ links: new MemoryLinks(systemClock), address: "local:0" }));
