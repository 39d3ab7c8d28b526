/**
 * The entry of a code table. A partner may send any letters as a code, `toString` too, which a
 * plain index would find on every object.
 */
export function lookup<T>(
  table: Readonly<Record<string, T>>,
  code: string | undefined,
): T | undefined {
  return code !== undefined && Object.hasOwn(table, code) ? table[code] : undefined;
}
