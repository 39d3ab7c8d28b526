/** What a partner's code sounds like. */
import { MILESTONE_CODES, type MilestoneCode } from "../canonical/codes.ts";

/** Words that partners use, and the milestone that they mean. */
const SYNONYMS: ReadonlyArray<readonly [RegExp, MilestoneCode]> = [
  [/out ?for ?delivery/, "out_for_delivery"],
  [/arriv.*(pick|origin|shipper)/, "arrived_pickup"],
  [/arriv.*(deliver|dest|consignee|drop)/, "arrived_delivery"],
  [/depart.*(pick|origin|shipper)|pick(ed)? ?up|full ?out/, "picked_up"],
  [/depart.*(terminal|port|hub)|vessel ?departed/, "departed_terminal"],
  [/arriv|full ?in/, "arrived_terminal"],
  [/partial/, "partially_delivered"],
  [/attempt/, "delivery_attempted"],
  [/deliver|\bpod\b/, "delivered"],
  [/transit|departed/, "in_transit"],
  [/load/, "loaded"],
  [/delay|late/, "delayed"],
  [/refus|reject/, "refused"],
  [/return|empty ?in/, "returned"],
  [/cancel/, "cancelled"],
  [/available/, "available"],
  [/\beta\b|estimat/, "eta_updated"],
  [/book|created|accepted/, "booked"],
];

/** The canonical milestone that a code sounds like; nothing when it sounds like none. */
export function soundsLike(code: string): MilestoneCode | undefined {
  const text = code
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
  const same = MILESTONE_CODES.find((known) => known.replaceAll("_", " ") === text);
  return same ?? SYNONYMS.find(([words]) => words.test(text))?.[1];
}
