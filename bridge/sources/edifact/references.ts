/** RFF, CNI, EQD, SEL, GIN and NAD+CA as names of the shipment. */
import type { Identifier, IdentifierType } from "../../canonical/identifiers.ts";
import { identifiers } from "../shared/reading/reading.ts";
import type { MessageContext } from "./message_context.ts";
import { expandedRange } from "./ranges.ts";
import type { Segment } from "./segments.ts";

type Named = readonly [IdentifierType, string | undefined];

/**
 * 1153, as in D.96A and D.07B. The documents are those of 1001 that the list names: 700 waybill (AAM),
 * 703 house waybill, 704 and 705 bills of lading, 710 to 714, 720 rail, 730 road, 740 and 741 air.
 * What a number is that we gave (CU, TIN, SI), it is as our own people may have written it.
 */
const REFERENCES: Readonly<Record<string, readonly IdentifierType[]>> = {
  AAJ: ["delivery_order"],
  AAK: ["delivery_order"],
  AAM: ["bol"],
  AAO: ["customer_ref"],
  AAQ: ["container"],
  AAS: ["bol"],
  AAT: ["sscc"],
  AAU: ["delivery_order"],
  AAZ: ["scac"],
  ABH: ["bol"],
  ADL: ["customer_ref"],
  AEX: ["bol"],
  AFA: ["bol"],
  BH: ["bol"],
  BM: ["bol"],
  BN: ["booking"],
  CG: ["po"],
  CMR: ["bol"],
  CN: ["pro"],
  CO: ["po"],
  CR: ["shipment", "customer_ref"],
  CU: ["shipment", "shipment_id", "customer_ref"],
  CW: ["tracking"],
  DQ: ["delivery_order"],
  EQ: ["container"],
  FF: ["customer_ref"],
  FN: ["pro"],
  HWB: ["hawb"],
  LO: ["shipment_id"],
  MB: ["mbol"],
  MWB: ["mawb"],
  ON: ["po"],
  RCN: ["bol"],
  SI: ["shipment_id", "customer_ref"],
  SN: ["seal"],
  SRN: ["shipment_id"],
  TIN: ["shipment", "shipment_id"],
  UCN: ["customer_ref"],
  VN: ["customer_ref"],
};

/**
 * Qualifiers that name something else than a shipment, and are no news: messages, accounts, taxes,
 * invoices (which INVOIC reads), the forwarder himself (AHY), UPS's signer (AGY, a proof reads it).
 */
const OTHER = new Set("ACD ACE ACW AGY AHY AMT API FC GN IA IV OI PL VA XA ZZZ".split(" "));

/** An air waybill number by IATA resolution 600a: the airline's prefix and seven digits with check digit. */
const MASTER_AIR_WAYBILL = /^\d{3}[-\s]?\d{4}\s?\d{4}$/;

/** UPS numbers its packages so. */
const TRACKING = /^1Z[0-9A-Z]{16}$/;

/** The kinds of identifier that a reference is; nothing for one that names no shipment. */
function referenceTypes(qualifier: string, value: string): readonly IdentifierType[] {
  // AWB does not say whether it is the airline's or the forwarder's own; the number does.
  if (qualifier === "AWB") return [MASTER_AIR_WAYBILL.test(value) ? "mawb" : "hawb"];
  return Object.hasOwn(REFERENCES, qualifier) ? (REFERENCES[qualifier] ?? []) : [];
}

/** The names in some segments. */
export function namesIn(segments: readonly Segment[]): Named[] {
  return segments.flatMap((segment): Named[] => {
    const { tag, elements } = segment;
    const [first = "", second = ""] = elements[0] ?? [];
    if (tag === "RFF") return referenceTypes(first, second).map((type) => [type, second]);
    if (tag === "CNI") return consignmentNames(elements[1]?.[0] ?? "");
    if (tag === "EQD" && first === "CN") return [["container", elements[1]?.[0]]];
    if (tag === "SEL") return [["seal", first]];
    if (tag === "GIN" && first === "BJ") return packageNames(elements.slice(1));
    if (tag === "NAD" && first === "CA") return scac(elements[1]?.[0] ?? "");
    return [];
  });
}

/** C208: a number, or the first and the last of a range. */
function packageNames(ranges: readonly string[][]): Named[] {
  return ranges.flatMap(([from = "", to = ""]) => {
    return (expandedRange(from, to) ?? [from, to]).map((it) => ["sscc", it] as const);
  });
}

function consignmentNames(number: string): Named[] {
  if (number === "") return [];
  if (TRACKING.test(number)) return [["tracking", number]];
  return [
    ["shipment", number],
    ["shipment_id", number],
    ["pro", number],
  ];
}

function scac(id: string): Named[] {
  return /^[A-Z]{2,4}$/.test(id) ? [["scac", id]] : [];
}

/**
 * Names from the nearest outwards: the event's own, its consignment's, the message's. An outer
 * name of a kind that an inner one has speaks of the whole message, not of this event.
 */
export function namesOf(...levels: ReadonlyArray<readonly Segment[]>): Identifier[] {
  const kept: Named[] = [];
  for (const level of levels) {
    const inner = new Set(kept.map(([type]) => type));
    kept.push(...namesIn(level).filter(([type, value]) => !inner.has(type) && value !== ""));
  }
  return identifiers(...kept);
}

/** Says which references and ranges of the message are not read; each qualifier once. */
export function sayUnreadNames(context: MessageContext): void {
  const said = new Set<string>();
  for (const segment of context.message.segments) {
    if (segment.tag === "GIN") sayUnreadRanges(context, segment);
    if (segment.tag !== "RFF") continue;
    const [qualifier = "", value = ""] = segment.elements[0] ?? [];
    if (value === "" || said.has(qualifier)) continue;
    if (OTHER.has(qualifier) || referenceTypes(qualifier, value).length > 0) continue;
    said.add(qualifier);
    const text = `reference ${qualifier} "${value}" names nothing that a shipment is matched by`;
    context.finding("warning", "reference_not_read", text, segment, 1);
  }
}

function sayUnreadRanges(context: MessageContext, segment: Segment): void {
  if (segment.elements[0]?.[0] !== "BJ") {
    const text = `numbers of kind ${segment.elements[0]?.[0] ?? ""} are not read`;
    return context.finding("warning", "reference_not_read", text, segment, 1);
  }
  for (const [at, [from = "", to = ""]] of segment.elements.slice(1).entries()) {
    if (to === "" || expandedRange(from, to) !== undefined) continue;
    const text = `the range ${from} to ${to} was not expanded: only its ends are known`;
    context.finding("warning", "range_not_read", text, segment, at + 2);
  }
}
