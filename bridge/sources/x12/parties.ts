/** Whether ISA and GS name the connection's parties, as the settings have them. */
import {
  foreignInterchange,
  isForeign,
  type KnownParties,
  type SaidParties,
} from "../shared/reading/parties.ts";
import type { MilepostError } from "../../errors.ts";
import { type Group, type Interchange, interchangePath } from "./envelope.ts";
import { segmentPath } from "./path.ts";
import type { X12Settings } from "./settings.ts";
import { element } from "./tokenizer/segment.ts";

/** The refusal of an interchange of others; nothing when it is ours, or when nobody said who we are. */
export function foreignParties(
  { isa, ordinal }: Interchange,
  settings: X12Settings,
): MilepostError | undefined {
  const said = {
    sender: element(isa, 6) ?? "",
    receiver: element(isa, 8) ?? "",
    path: `${interchangePath(ordinal)}-06`,
  };
  return refusal(said, known(settings));
}

/** The same of a group: GS02 and GS03, where they say anything. */
export function foreignGroup(
  { gs, path }: Group,
  settings: X12Settings,
): MilepostError | undefined {
  const parties = known(settings);
  if (parties === undefined) return undefined;
  const said = {
    sender: element(gs, 2) || (parties.theirs[0] ?? ""),
    receiver: element(gs, 3) || (parties.ours[0] ?? ""),
    path: segmentPath(path, "GS", 1, 2),
  };
  return refusal(said, parties);
}

function refusal(said: SaidParties, parties: KnownParties | undefined): MilepostError | undefined {
  if (parties === undefined || !isForeign(said, parties)) return undefined;
  return foreignInterchange("x12", said, parties);
}

/** ISA and GS have identifications of their own with many partners; either may stand in both. */
function known({ interchange: us }: X12Settings): KnownParties | undefined {
  if (us === undefined || us.parties === "any") return undefined;
  const { sender, receiver, group_sender, group_receiver, also_from } = us;
  return {
    theirs: [receiver, group_receiver ?? receiver, ...also_from].map((it) => it.trim()),
    ours: [sender, group_sender ?? sender].map((it) => it.trim()),
  };
}
