/** How often a property is tried: whole by itself, a share of it within `npm test`. */

/** What part of the rounds is tried; `npm test` sets it. */
const SHARE = Number(process.env["TEST_SHARE"] ?? 1);

/** So many of `all` rounds as the share asks for, one at least. */
export function rounds(all: number): number {
  return Math.max(1, Math.round(all * SHARE));
}
