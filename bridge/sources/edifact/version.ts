/**
 * The directory of a message, from UNH S009: version (0052) and release (0054), such as `D:96A`.
 * Read are D.93A to D.07B, which the samples and the directories known here cover. Service messages
 * (CONTRL, APERAK) count their versions otherwise and are only told of.
 */
import type { KnownVersions, SaidVersion } from "../shared/reading/version.ts";
import type { Message } from "./envelope.ts";

export const KNOWN: KnownVersions = {
  words: ["D:93A to D:07B"],
  knows: (version) => /^D:(9[3-9]|0[0-7])[AB](:|$)/.test(version),
};

/** What UNH says, with its agency; nothing when it names neither version nor release. */
export function versionOf({ release, segments }: Message): SaidVersion | undefined {
  if (release.replaceAll(":", "") === "") return undefined;
  return { text: release.toUpperCase(), path: `UNH${segments[0]?.number ?? ""}/2` };
}
