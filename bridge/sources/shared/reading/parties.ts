/**
 * Whose interchange it is. A file that another partner sent, or that was meant for somebody else, is
 * kept in quarantine: read as this connection's, its numbers would name other people's shipments,
 * and our answer would go to whom it does not concern.
 */
import { z } from "zod";
import { MilepostError } from "../../../errors.ts";

/** The settings beside our own and their own identification, both optional. */
export function partySettings<Party extends z.ZodType<string>>(party: Party) {
  return {
    /** Further identifications under which the partner sends, such as another plant of his. */
    also_from: z.array(party).max(50).default([]),
    /** `any`: an interchange is taken whoever its parties are, as on a connection for several. */
    parties: z.enum(["ours", "any"]).default("ours"),
  };
}

/** What an interchange, or a group of it, says. */
export interface SaidParties {
  sender: string;
  receiver: string;
  path: string;
}

/** Who may be named as sender and as receiver. */
export interface KnownParties {
  theirs: readonly string[];
  ours: readonly string[];
}

export function isForeign({ sender, receiver }: SaidParties, { theirs, ours }: KnownParties) {
  return !theirs.includes(sender.trim()) || !ours.includes(receiver.trim());
}

/** `foreign_interchange` (quarantine): names both parties, and those that were expected. */
export function foreignInterchange(
  source: string,
  { sender, receiver, path }: SaidParties,
  { theirs, ours }: KnownParties,
): MilepostError {
  const quoted = (names: readonly string[]) =>
    [...new Set(names)].map((it) => `"${it.trim().slice(0, 40)}"`).join(" or ");
  return new MilepostError(
    `${source}: the interchange is from ${quoted([sender])} to ${quoted([receiver])}; ` +
      `this connection's are from ${quoted(theirs)} to ${quoted(ours)}`,
    {
      code: "foreign_interchange",
      retry: "quarantine",
      culprit: source,
      path,
      hint:
        "if it is this partner's, name its sender in settings.interchange.also_from (or set " +
        "parties: any), then `milepost quarantine release`; if not, find out how it came here",
    },
  );
}
