/**
 * The separators of an interchange, read from its ISA.
 *
 * The ISA should be 106 bytes with fixed columns, but real ones are not padded. So nothing is
 * taken from columns: the character after `ISA` separates elements, the sixteenth such separator
 * is followed by the component separator and then by the segment terminator.
 */

export interface Separators {
  element: string;
  /** Empty when the sender left ISA16 out. */
  component: string;
  /** One character; `\n` also when lines end with CR LF. */
  terminator: string;
}

const ISA_SEPARATORS = 16;
/** Longer than any ISA with a GS behind it, so that waiting for this much is enough. */
export const ISA_REACH = 1024;

/** Reads the separators of the ISA that starts at `start`; nothing when it is cut or no ISA. */
export function readSeparators(text: string, start: number): Separators | undefined {
  const element = text.charAt(start + 3);
  if (!SEPARATOR.test(element) || element === " " || isNewline(element)) return undefined;
  let at = start + 3;
  for (let count = 1; count < ISA_SEPARATORS; count += 1) {
    at = text.indexOf(element, at + 1);
    if (at === -1 || at - start > ISA_REACH) return undefined;
  }
  const first = text.charAt(at + 1);
  if (first === "") return undefined;
  if (isNewline(first) || componentIsMissing(text, at + 1, element)) {
    return { element, component: "", terminator: isNewline(first) ? "\n" : first };
  }
  const next = text.charAt(at + 2);
  if (next === "") return undefined;
  if (!SEPARATOR.test(next)) return undefined;
  return { element, component: first, terminator: isNewline(next) ? "\n" : next };
}

const SEPARATOR = /^[^A-Za-z0-9]$/;

/**
 * `*P*~GS…`: ISA16 left out. With a line break before GS it reads like the terminator newline
 * (`*P*>⏎GS…`); then the end of the GS line tells them apart.
 */
function componentIsMissing(text: string, at: number, element: string): boolean {
  let next = at + 1;
  while (isNewline(text.charAt(next)) || text.charAt(next) === " ") next += 1;
  if (!text.startsWith(`GS${element}`, next)) return false;
  if (next === at + 1) return true;
  const lineEnd = text.indexOf("\n", next);
  const line = text.slice(next, lineEnd === -1 ? undefined : lineEnd).trimEnd();
  return line.endsWith(text.charAt(at));
}

function isNewline(character: string): boolean {
  return character === "\n" || character === "\r";
}
