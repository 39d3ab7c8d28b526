/** What keys mean on the board. */
import type { Direction } from "../board_state.ts";

const DIRECTIONS = new Map<string, Direction>([
  ["ArrowUp", "up"],
  ["ArrowDown", "down"],
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
