/** Most characters of a token. */
const tokenCharactersMax = 4096;

/** What is said of a text that cannot be a token; never with the text itself. */
export const tokenRule = `must be one word of visible ASCII, at most ${tokenCharactersMax} characters`;

/** Whether a text can be sent as a token. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text) && text.length <= tokenCharactersMax;
}
