/** What a partner's code sounds like. */
import { MILESTONE_CODES, type MilestoneCode } from "../canonical/codes.ts";

/** A move of an empty container is no step of the goods, whatever it sounds like: a person decides. */
const EMPTIES =
  /\bempty\b|\bempties\b|\bleer(container|gut)?\b|\bvacios?\b|\bvides?\b|\bleeg\b|\blege\b/;

/** Words that partners use, and the milestone that they mean. */
const SYNONYMS: ReadonlyArray<readonly [RegExp, MilestoneCode]> = [
  [/out ?for ?delivery|in zustellung|wird zugestellt|en reparto|en livraison/, "out_for_delivery"],
  [
    /(not|un|nicht|no) ?(be )?(deliver|zugestellt|entreg)|(fail|unable|unsuccessful|exception).*deliver/,
    "delivery_attempted",
  ],
  [/deliver\w* (fail|attempt|exception|unsuccessful)|attempt|zustellversuch/, "delivery_attempted"],
  [/pre ?transit|label/, "booked"],
  [/ready for (pick|collect)/, "available"],
  [/schedul|appointment|planned|avis(iert)?\b/, "appointment_set"],
  [/arriv.*(pick|origin|shipper)/, "arrived_pickup"],
  [/arriv.*(deliver|dest|consignee|drop)/, "arrived_delivery"],
  [
    /depart.*(pick|origin|shipper)|pick(ed)? ?up|full ?out|abgeholt|abholung|recogid|enleve|opgehaald/,
    "picked_up",
  ],
  [/depart.*(terminal|port|hub)|vessel ?departed/, "departed_terminal"],
  [/arriv|full ?in|eingang|angekommen/, "arrived_terminal"],
  [/partial|teilweise/, "partially_delivered"],
  [/refus|reject|verweiger|geweigerd|rechazad/, "refused"],
  [/return|retour|rucksendung|devuelt/, "returned"],
  [/deliver|\bpod\b|zugestellt|ausgeliefert|entregad|\blivree?\b|bezorgd|afgeleverd/, "delivered"],
  [/transit|departed|unterwegs|onderweg/, "in_transit"],
  [/load|verladen|beladen/, "loaded"],
  [/delay|\blate\b|verspat|retard|retras|vertraagd/, "delayed"],
  [/cancel|stornier|annul/, "cancelled"],
  [/available|abholbereit/, "available"],
  [/\beta\b|estimat/, "eta_updated"],
  [/book|created|accepted|information received|avis|angelegt|erfasst/, "booked"],
];

/** The canonical milestone that a code sounds like; nothing when it sounds like none. */
export function soundsLike(code: string): MilestoneCode | undefined {
  const text = code
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .normalize("NFD")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
  const same = MILESTONE_CODES.find((known) => known.replaceAll("_", " ") === text);
  if (same !== undefined || EMPTIES.test(text)) return same;
  return SYNONYMS.find(([words]) => words.test(text))?.[1];
}
