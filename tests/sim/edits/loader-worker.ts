import type { InitializeHook, LoadHook } from "node:module";
import { applyEdits, type Edit } from "./edit.js";

let edits: readonly Edit[] = [];

/** Takes the edits that `module.register` was given. */
export const initialize: InitializeHook<readonly Edit[]> = (data) => {
  edits = data;
};

/** Loads a module with the edits made that concern it. */
export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  if (loaded.format !== "module" || !loaded.source) return loaded;
  const source = Buffer.from(loaded.source as Uint8Array).toString("utf8");
  return { ...loaded, source: applyEdits(edits, url, source) };
};
