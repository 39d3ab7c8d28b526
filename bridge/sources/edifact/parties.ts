/** Whether UNB names the connection's parties, as the settings have them. */
import { foreignInterchange, isForeign } from "../shared/reading/parties.ts";
import type { MilepostError } from "../../errors.ts";
import type { Interchange } from "./envelope.ts";
import type { EdifactSettings } from "./settings.ts";

/**
 * The refusal of an interchange of others (UNB S002 and S003, their 0004 and 0010); nothing when it
 * is ours, when nobody said who we are, and for messages that came without UNB.
 */
export function foreignParties(
  { sender, receiver, number }: Interchange,
  { interchange: us }: EdifactSettings,
): MilepostError | undefined {
  if (us === undefined || us.parties === "any" || number === undefined) return undefined;
  const said = { sender: sender[0] ?? "", receiver: receiver[0] ?? "", path: `UNB${number}/1` };
  const known = {
    theirs: [us.receiver, ...us.also_from].map((it) => it.trim()),
    ours: [us.sender.trim()],
  };
  return isForeign(said, known) ? foreignInterchange("edifact", said, known) : undefined;
}
