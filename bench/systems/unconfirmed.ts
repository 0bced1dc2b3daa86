// Takes the confirm out of appends as the code is loaded, to see what it costs: by `--import` in front of a
// service. What such a service has acknowledged may be lost.
import { register } from "node:module";
import { mutations } from "../../tests/sim/edits/mutations.js";

const data = mutations["no-confirm"] ?? [];
register("../../tests/sim/edits/loader-worker.js", import.meta.url, { data });
