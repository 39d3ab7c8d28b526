/** A difference in words. */
import type { Drift } from "./comparison.ts";

const percent = (share: number) => `${Math.round(share * 100)} %`;

export function driftText({ kind, of, name, before, now }: Drift): string {
  switch (kind) {
    case "field_new":
      return `${name} is new, in ${percent(now)} of the messages (${of})`;
    case "field_vanished":
      return `${name} is gone, it was in ${percent(before)} of the messages (${of})`;
    case "code_share":
      return `code "${name}" (${of}) went from ${percent(before)} to ${percent(now)}`;
  }
}
