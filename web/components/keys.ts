/** What keys mean on a board, and where they move the focus to. */

export type Direction = "up" | "down" | "left" | "right" | "first" | "last";

const DIRECTIONS = new Map<string, Direction>([
  ["ArrowUp", "up"],
  ["ArrowDown", "down"],
  ["k", "up"],
  ["j", "down"],
  ["ArrowLeft", "left"],
  ["ArrowRight", "right"],
  ["Home", "first"],
  ["End", "last"],
]);

/** Where the key moves the focus to, or null when it does not. */
export function directionOf(key: string): Direction | null {
  return DIRECTIONS.get(key) ?? null;
}

/** Whether the key is meant for a text that somebody writes. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input, textarea, select, [contenteditable=true]") !== null
  );
}

/** Whether the key is held together with one that gives it another meaning. */
export function isChord(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.altKey || event.metaKey;
}

/**
 * The record that the focus moves to, or null when there is none that way. Left and right keep the
 * height and skip columns that show nothing; a list is one column.
 */
export function neighbour(
  columns: readonly (readonly number[])[],
  from: number,
  direction: Direction,
): number | null {
  const filled = columns.filter((ids) => ids.length > 0);
  const at = filled.findIndex((ids) => ids.includes(from));
  const here = filled[at];
  if (here === undefined) return filled[0]?.[0] ?? null;
  const row = here.indexOf(from);
  if (direction === "first") return here[0] ?? null;
  if (direction === "last") return here.at(-1) ?? null;
  if (direction === "up" || direction === "down") {
    return here[row + (direction === "up" ? -1 : 1)] ?? null;
  }
  const beside = filled[at + (direction === "left" ? -1 : 1)];
  return beside === undefined ? null : (beside[Math.min(row, beside.length - 1)] ?? null);
}
