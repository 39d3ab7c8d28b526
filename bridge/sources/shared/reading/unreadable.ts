/** The refusal of a message that nothing can be read from. */
import { MilepostError } from "../../../errors.ts";

/** A message that can never be read; `path` is a JSON pointer, or segment and element position. */
export function unreadable(
  source: string,
  code: string,
  path: string,
  text: string,
): MilepostError {
  return new MilepostError(`${source}: ${text}`, { code, retry: "never", culprit: source, path });
}
