import { configurationPage, variablesFile } from "./configuration.js";
import { errorsPage } from "./errors.js";
import { limitsPage } from "./limits.js";
import { metricsPage } from "./metrics.js";
import type { Page } from "./page.js";

/** All pages of reference, as they should be. */
export function allPages(): Page[] {
  return [configurationPage(), variablesFile(), errorsPage(), limitsPage(), metricsPage()];
}
