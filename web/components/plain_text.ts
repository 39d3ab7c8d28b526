/** Words of a partner as a line of ours can carry them. */

/**
 * Marks that turn the direction of what follows them (Unicode UAX #9: embeddings, overrides,
 * isolates, and the marks that end them), and control characters. Left in, one of them at the end
 * of a partner's text would write our own words backwards.
 */
// oxlint-disable-next-line no-control-regex -- they are what is taken out
const TURNING = /[\u0000-\u0008\u000B-\u001F\u007F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** The text without what would change the words around it; empty without one. */
export function plainText(text: string | false | null | undefined): string {
  return text ? text.replaceAll(TURNING, "") : "";
}
