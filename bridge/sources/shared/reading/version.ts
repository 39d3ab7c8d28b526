/**
 * The version of its format that a message is in. One that nobody taught this program is kept in
 * quarantine and read again when it is released: guessing at it would bill what was misunderstood.
 */
import { z } from "zod";
import { MilepostError } from "../../../errors.ts";

/**
 * The setting of a connection that has versions read which the source was not taught, each given
 * whole or by its beginning: `003060`, `D:08A`, `2026-01`.
 */
export const acceptVersions = z
  .array(z.string().regex(/^[0-9A-Za-z:._-]{1,40}$/, "a version, or its beginning"))
  .max(20)
  .default([]);

/** The version that a message names, and where. */
export interface SaidVersion {
  text: string;
  path: string;
}

/** What a source was taught: the test, and the words for people. */
export interface KnownVersions {
  readonly words: readonly string[];
  readonly knows: (version: string) => boolean;
}

/** Whether a message in this version is read: the source knows it, or the connection allows it. */
export function isReadable(
  version: string,
  known: KnownVersions,
  accepted: readonly string[],
): boolean {
  return known.knows(version) || accepted.some((it) => version.startsWith(it));
}

/** Throws `unknown_version` (quarantine) when the version is neither known nor allowed. */
export function requireVersion(
  source: string,
  said: SaidVersion | undefined,
  known: KnownVersions,
  accepted: readonly string[],
): void {
  if (said === undefined || isReadable(said.text, known, accepted)) return;
  throw unknownVersion(source, said, known.words, ACCEPT_HINT);
}

export const ACCEPT_HINT =
  "install a release that knows it, or allow it in accept_versions of the connection's settings, " +
  "then `milepost quarantine release`";

/**
 * A message in a version that this program was not taught; `said` is nothing when the message names
 * none where it should.
 */
export function unknownVersion(
  source: string,
  said: SaidVersion | undefined,
  known: readonly string[],
  hint: string,
): MilepostError {
  const what = said === undefined ? "says no version" : `is in version "${said.text.slice(0, 60)}"`;
  return new MilepostError(`${source}: the message ${what}; known are ${known.join(", ")}`, {
    code: "unknown_version",
    retry: "quarantine",
    culprit: source,
    hint,
    ...(said !== undefined && said.path !== "" && { path: said.path }),
  });
}
