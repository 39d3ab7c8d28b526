/**
 * Which identifiers X12 reference qualifiers (element 128, release 004010) stand for.
 *
 * L11 is value*qualifier, N9 is qualifier*value; both come with spaces and empty.
 */
import { lookup } from "./lookup.ts";
import type { IdentifierType } from "../../../canonical/identifiers.ts";

type Named = readonly [IdentifierType, string | undefined];

const QUALIFIERS: Readonly<Record<string, readonly IdentifierType[]>> = {
  BM: ["bol"],
  OB: ["mbol"],
  CN: ["pro"],
  // Our own people gave the shipper's numbers: Milepost's shipment number is one of them.
  SI: ["shipment", "shipment_id"],
  BN: ["booking"],
  OC: ["container"],
  EQ: ["container"],
  SN: ["seal"],
  PO: ["po"],
  CO: ["customer_ref"],
  CR: ["customer_ref"],
  DO: ["delivery_order"],
  "2I": ["tracking"],
  "08": ["tracking"],
  "97": ["tracking"],
};

const AIR_WAYBILL = /^\d{3}-?\d{8}$/;
const UPS_TRACKING = /^1Z[0-9A-Z]{16}$/;

/** Identifiers that a reference stands for; none for qualifiers that name no shipment. */
export function identifiersOf(qualifier: string | undefined, value: string | undefined): Named[] {
  if (qualifier === undefined || value === undefined) return [];
  if (qualifier === "MB") return [[AIR_WAYBILL.test(value) ? "mawb" : "mbol", value]];
  if (qualifier === "AW") return [[AIR_WAYBILL.test(value) ? "mawb" : "hawb", value]];
  if (qualifier === "CN" && UPS_TRACKING.test(value)) return [["tracking", value]];
  return (lookup(QUALIFIERS, qualifier) ?? []).map((type) => [type, value] as const);
}

/** The number by which we named the shipment to the carrier (B10-02, B204, B102, B303). */
export function shipmentNumber(value: string | undefined): Named[] {
  return [
    ["shipment", value],
    ["shipment_id", value],
  ];
}
