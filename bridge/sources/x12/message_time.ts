/** When a group of messages was made: its own date, the interchange's, else its arrival. */
import { utcOf } from "../shared/reading/instants.ts";
import { isAhead } from "../shared/reading/receipt.ts";
import type { Group } from "./envelope.ts";
import { readTime } from "./times.ts";
import { element } from "./tokenizer/segment.ts";

export interface MessageTime {
  at: string;
  /** Why the group's own date was not taken. */
  trouble?: string;
}

/**
 * GS04/05, else ISA09/10, in the connection's zone; else the arrival. A date ahead of the arrival
 * is not taken: such a message would win for ever.
 */
export function messageTime(
  { gs, interchange }: Group,
  zone: string,
  receivedAt: Date,
): MessageTime {
  const rules = { zone, standardTime: "as_coded", midnight: "midnight" } as const;
  const candidates = [
    [element(gs, 4), element(gs, 5)],
    [element(interchange.isa, 9), element(interchange.isa, 10)],
  ] as const;
  let trouble: string | undefined;
  for (const [date, time] of candidates) {
    const { instant } = readTime(date, time, undefined, rules);
    if (instant === undefined) continue;
    if (!isAhead(instant.at, receivedAt)) return { at: instant.at };
    trouble ??= `made at ${instant.at}, later than its arrival`;
  }
  return { at: utcOf(receivedAt), trouble: trouble ?? "the group has no date" };
}
