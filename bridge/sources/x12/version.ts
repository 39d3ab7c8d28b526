/**
 * Version, release and industry of a functional group, such as `004010VICS`: GS08, or ISA12 where
 * GS08 says none. Read are the families 004 to 008: before them a 214 tells its statuses in Q5, and
 * amounts and dates have other lengths. Acknowledgements are the same in all.
 */
import type { KnownVersions, SaidVersion } from "../shared/reading/version.ts";
import { type Group, interchangePath } from "./envelope.ts";
import { segmentPath } from "./path.ts";
import { element } from "./tokenizer/segment.ts";

export const KNOWN: KnownVersions = {
  words: ["004010 to 008060"],
  knows: (version) => /^00[4-8]/.test(version),
};

/** What the group says of its version; nothing when neither GS08 nor ISA12 holds one. */
export function versionOf({ gs, path, interchange }: Group): SaidVersion | undefined {
  const own = normalized(element(gs, 8));
  if (own !== undefined) return { text: own, path: segmentPath(path, "GS", 1, 8) };
  const outer = normalized(element(interchange.isa, 12));
  const at = `${interchangePath(interchange.ordinal)}-12`;
  return outer === undefined ? undefined : { text: outer, path: at };
}

/** Some senders leave the leading zeros out: `4010`. */
function normalized(text: string | undefined): string | undefined {
  const [digits] = /^\d{3,6}/.exec(text ?? "") ?? [];
  if (text === undefined || digits === undefined) return undefined;
  return digits.length === 4 ? `00${text}` : text;
}
