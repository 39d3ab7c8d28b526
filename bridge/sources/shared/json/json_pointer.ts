/** JSON pointers (RFC 6901): where in a message something stands. */

/** One reference token of a JSON pointer (RFC 6901). */
export function pointerToken(key: PropertyKey): string {
  return String(key).replaceAll("~", "~0").replaceAll("/", "~1");
}

/** A zod path as a JSON pointer. */
export function pointer(path: readonly PropertyKey[], base = ""): string {
  return path.reduce<string>((text, key) => `${text}/${pointerToken(key)}`, base);
}
