/** A change to compiled code as it is loaded; the files stay as they are. */
export interface Edit {
  /** The source file, from the root of the repository. */
  readonly file: string;
  /** What occurs exactly once in the compiled file. */
  readonly find: string | RegExp;
  readonly replace: string;
}

/** Sets a limit that a file declares as a constant to another number. */
export function setLimit(file: string, name: string, to: number): Edit {
  return { file, find: new RegExp(`const ${name} = [\\d_* ]+;`, "g"), replace: `const ${name} = ${to};` };
}

/** Applies those of the edits that concern the compiled file with this URL; throws if one does not fit. */
export function applyEdits(edits: readonly Edit[], url: string, source: string): string {
  let edited = source;
  for (const { file, find, replace } of edits) {
    if (!url.endsWith(`/${file.replace(/\.ts$/, ".js")}`)) continue;
    const count = edited.split(find).length - 1;
    if (count !== 1) throw new Error(`an edit of ${file} fits ${count} times, not once: ${find}`);
    edited = edited.replace(find, () => replace);
  }
  return edited;
}
