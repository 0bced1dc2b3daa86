const indent = "    ";
/** Unicode's pictures of the control characters begin here. */
const picturesFrom = 0x2400;
const pictureOfDelete = 0x2421;

/**
 * A text for a terminal: further lines are indented, and control characters, which could move the cursor or
 * worse, are shown as their pictures.
 */
export function screenText(text: string): string {
  return text.split(/\r?\n/).map(showControls).join(`\n${indent}`);
}

/** The start of a text, on one line. */
export function startOf(text: string, charactersMax = 40): string {
  const characters = [...text.slice(0, 2 * charactersMax + 1)];
  const start = showControls(characters.slice(0, charactersMax).join(""));
  return characters.length > charactersMax || text.length > 2 * charactersMax ? `${start}…` : start;
}

function showControls(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (control) => {
    const code = control.charCodeAt(0);
    if (control === "\t") return control;
    if (code < 0x20) return String.fromCharCode(picturesFrom + code);
    return code === 0x7f ? String.fromCharCode(pictureOfDelete) : "\ufffd";
  });
}
