/** Text as facts can hold it. */

// eslint-disable-next-line no-control-regex -- PostgreSQL refuses NUL, logs are forged with the others
const CONTROL = /[\u0000-\u001F\u007F]+/g;

/** Text that facts can hold: no control characters, no half surrogates, no space around, at most `max`. */
export function cleanText(value: string, max: number): string | undefined {
  const text = value.toWellFormed().replace(CONTROL, " ").trim();
  if (text === "") return undefined;
  // A cut through a surrogate pair leaves half of it; toWellFormed() turns that into U+FFFD.
  return text.length <= max ? text : text.slice(0, max).toWellFormed().trim();
}
