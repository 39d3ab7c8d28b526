/** Checks of props that OWL has no name for. */

export function isIdOrNull(value: unknown): boolean {
  return value === null || typeof value === "number";
}

export function isObjectOrNull(value: unknown): boolean {
  return typeof value === "object";
}
