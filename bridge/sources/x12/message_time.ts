/** When a group of messages was made: its own date, the interchange's, else its arrival. */
import { utcOf } from "../shared/reading/instants.ts";
import type { Group } from "./envelope.ts";
import { readTime } from "./times.ts";
import { element } from "./tokenizer/segment.ts";

/** Clocks and zones that are wrong, not more; a message from the future would win for ever. */
const TOLERANCE = 86_400_000;

export interface MessageTime {
  at: string;
  /** Why the group's own date was not taken. */
  trouble?: string;
}

/** GS04/05, else ISA09/10, in the connection's zone; else the arrival. */
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
    if (Date.parse(instant.at) <= receivedAt.getTime() + TOLERANCE) return { at: instant.at };
    trouble ??= `made at ${instant.at}, later than its arrival`;
  }
  return { at: utcOf(receivedAt), trouble: trouble ?? "the group has no date" };
}
